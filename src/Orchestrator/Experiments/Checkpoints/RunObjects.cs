namespace Orchestrator.Experiments.Checkpoints;

/// <summary>The objects that a run has taken in: what is part of its checkpoints, and what ends with it. Safe for concurrent use.</summary>
internal sealed class RunObjects(RunInfo run)
{
    private readonly Lock _gate = new();
    private readonly ObjectOwner _owner = new(run.Id, run.Attempt);
    private List<Entry> _entries = [];
    private bool _ended;

    /// <summary>Takes in an object.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="target">The object.</param>
    /// <param name="dispose">Whether it ends with the run.</param>
    /// <param name="withState">Whether it is part of checkpoints; one that cannot be is refused.</param>
    /// <returns>Who had it, or a part of it, registered before and ended without giving it back; <see langword="null"/>: no run did.</returns>
    public FormerOwner? Add(string name, object target, bool dispose, bool withState = true)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(target);
        if (target is ValueType or string)
            throw new ArgumentException($"'{name}' is a {target.GetType().Name}: only objects that are changed in their place can be registered.", nameof(target));
        var adapter = StateAdapter.Of(target);
        if (withState && adapter is null && target is not ICheckpointable)
            throw new ArgumentException(StatelessObject.Refusal(name, target), nameof(target));
        lock (_gate)
        {
            if (_ended)
                throw new InvalidOperationException($"'{name}' cannot be registered: run {run.Id} has ended.");
            if (CheckpointFile.IsReserved(name) || _entries.Exists(e => e.Name == name))
                throw new ArgumentException($"The name '{name}' is taken in run {run.Id}; registered: {string.Join(", ", _entries.Select(e => $"'{e.Name}'"))}.", nameof(name));
            if (_entries.Find(e => ReferenceEquals(e.Target, target)) is { } same)
                throw new ArgumentException($"This object is registered in run {run.Id} already, as '{same.Name}'.", nameof(target));
            var all = Expand(target);
            var former = ObjectOwners.FormerOf(all, _owner);
            if (withState && target is not ICheckpointable && adapter?.FindProblem(target) is { } problem)
                throw new ArgumentException($"'{name}' ({target.GetType().Name}) cannot be registered: {problem}{former?.InWords}", nameof(target));
            ObjectOwners.Claim(name, all, _owner);
            _entries.Add(new Entry(name, target, dispose, withState, all, adapter));
            return former;
        }
    }

    public bool Remove(string name)
    {
        lock (_gate)
        {
            if (_entries.Find(e => e.Name == name) is not { } entry)
                return false;
            _entries.Remove(entry);
            ObjectOwners.Release(entry.All, givenBack: true);
            return true;
        }
    }

    /// <summary>Those with a state, in the order in which they were registered.</summary>
    public IReadOnlyList<StatefulObject> WithState()
    {
        lock (_gate)
            return [.. _entries.Where(e => e.HasState).Select(e => new StatefulObject(e.Name, e.Save, e.Load))];
    }

    /// <summary>Takes in nothing any more.</summary>
    public void Close()
    {
        lock (_gate)
            _ended = true;
    }

    /// <summary>Frees everything and disposes what is the run's own, the last one first. What a disposal throws is handed on, and ends nothing.</summary>
    public async ValueTask EndAsync(Action<string, Exception> failed)
    {
        List<Entry> entries;
        lock (_gate)
        {
            _ended = true;
            (entries, _entries) = (_entries, []);
        }

        entries.Reverse();
        foreach (var entry in entries)
        {
            try
            {
                await entry.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                failed(entry.Name, cause);
            }
            finally
            {
                ObjectOwners.Release(entry.All, givenBack: false);
            }
        }
    }

    /// <summary>The object, its parts, their parts, each once.</summary>
    private static List<object> Expand(object target)
    {
        var all = new List<object> { target };
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance) { target };
        for (var i = 0; i < all.Count; i++)
            if (StateAdapter.Of(all[i]) is { } adapter)
                all.AddRange(adapter.PartsOf(all[i]).Where(seen.Add));
        return all;
    }

    private sealed record Entry(string Name, object Target, bool IsOwned, bool WithState, List<object> All, StateAdapter? Adapter)
    {
        public bool HasState => WithState && (Target is ICheckpointable || Adapter?.HasState(Target) == true);

        public void Save(Stream stream)
        {
            if (Target is ICheckpointable own)
                own.SaveState(stream);
            else
                Adapter!.SaveState(Target, stream);
        }

        public void Load(Stream stream)
        {
            if (Target is ICheckpointable own)
                own.LoadState(stream);
            else
                Adapter!.LoadState(Target, stream);
        }

        public async ValueTask DisposeAsync()
        {
            if (!IsOwned)
                return;
            if (Target is IAsyncDisposable later)
                await later.DisposeAsync().ConfigureAwait(false);
            else if (Target is IDisposable now)
                now.Dispose();
        }
    }
}

/// <summary>Something that is part of a checkpoint.</summary>
internal readonly record struct StatefulObject(string Name, Action<Stream> Save, Action<Stream> Load);
