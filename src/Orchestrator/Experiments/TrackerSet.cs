using System.Collections;
using Orchestrator.Tracking;

namespace Orchestrator;

/// <summary>
/// The trackers that an experiment's runs report to. Each run takes the set as it is when it begins: a change counts for the runs that begin
/// after it. Safe for concurrent use.
/// </summary>
public sealed class TrackerSet : IReadOnlyCollection<TrackerReference>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ITrackerFactory> _own = new(StringComparer.Ordinal);
    private TrackerReference[] _trackers = [];

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _trackers).Length;

    /// <summary>Whether a tracker of that name is in the set.</summary>
    public bool Contains(string name) => Array.Exists(Volatile.Read(ref _trackers), t => t.Type == name);

    /// <summary>Adds a tracker that the host knows, or one that is bundled, by its name; with options.</summary>
    /// <exception cref="ArgumentException">One of that name is in the set already.</exception>
    public TrackerSet Add(TrackerReference tracker)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        lock (_gate)
        {
            if (Contains(tracker.Type))
                throw new ArgumentException($"A tracker '{tracker.Type}' is in the set already: {Listed()}.", nameof(tracker));
            _trackers = [.. _trackers, tracker];
        }

        return this;
    }

    /// <summary>Adds a tracker of one's own, which is made anew for each attempt.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="create">Makes it; must not block.</param>
    /// <exception cref="ArgumentException">One of that name is in the set already, or the name is empty.</exception>
    public TrackerSet Add(string name, Func<TrackerContext, ITracker> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        var factory = new DelegateTrackerFactory(TrackerInfo.Create(name, null), create);
        lock (_gate)
        {
            Add(new TrackerReference(name));
            _own[name] = factory;
        }

        return this;
    }

    /// <summary>Takes a tracker out of the set.</summary>
    /// <exception cref="ArgumentException">There is none of that name in it; the message lists those that are.</exception>
    public TrackerSet Remove(string name)
    {
        lock (_gate)
        {
            if (!Contains(name))
                throw new ArgumentException($"There is no tracker '{name}' in the set: {Listed()}.", nameof(name));
            _trackers = [.. _trackers.Where(t => t.Type != name)];
            _own.Remove(name);
        }

        return this;
    }

    /// <summary>Takes all trackers out of the set.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _trackers = [];
            _own.Clear();
        }
    }

    /// <inheritdoc/>
    public IEnumerator<TrackerReference> GetEnumerator() => ((IEnumerable<TrackerReference>)Volatile.Read(ref _trackers)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The set as it is now.</summary>
    internal (IReadOnlyList<TrackerReference> Trackers, IReadOnlyDictionary<string, ITrackerFactory> Own) Snapshot()
    {
        lock (_gate)
            return (_trackers, new Dictionary<string, ITrackerFactory>(_own, StringComparer.Ordinal));
    }

    private string Listed() => _trackers.Length == 0 ? "it is empty" : string.Join(", ", _trackers.Select(t => t.Type));
}
