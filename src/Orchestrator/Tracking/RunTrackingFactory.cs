using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Tracking;

/// <summary>
/// Makes the tracker set of each attempt. Trackers get the values through queues of their own: none can hold up the run, another
/// tracker, or another run.
/// </summary>
internal sealed class RunTrackingFactory : IRunTrackingFactory
{
    /// <summary>Values that may wait for one tracker of one attempt; what comes beyond is dropped and counted.</summary>
    public const int MostWaitingPoints = 65_536;

    /// <summary>How long after its run's end a tracker may take while the sweep goes on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Threads of the pool that the instances of one tracker may hold between them.</summary>
    private const int MostThreads = 4;

    private readonly Dictionary<string, (ITrackerFactory Factory, TaskScheduler Scheduler)> _factories = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<ITrackerFactory, TaskScheduler> _schedulers = [];
    private readonly TimeProvider _time;
    private readonly TrackingLosses _losses;
    private readonly UnfinishedTrackers _unfinished;
    private readonly IServiceProvider? _services;
    private readonly int _bound;

    /// <remarks>Of two trackers of one name the one registered last is taken, so that a user's own can stand for a bundled one.</remarks>
    public RunTrackingFactory(
        IEnumerable<ITrackerFactory> factories,
        ILogger<RunTrackingFactory> logger,
        TimeProvider time,
        IServiceProvider? services = null,
        int bound = MostWaitingPoints)
    {
        foreach (var factory in factories)
            _factories[factory.Info.Name] = (factory, NewScheduler());
        _time = time;
        _services = services;
        _bound = bound;
        _losses = new TrackingLosses(logger);
        _unfinished = new UnfinishedTrackers(time, Patience);
    }

    public event Action<TrackingLoss>? Lost
    {
        add => _losses.Lost += value;
        remove => _losses.Lost -= value;
    }

    public IRunTracking? Start(
        RunInfo run,
        IReadOnlyList<TrackerReference> trackers,
        Action<TrackingLoss>? lost = null,
        IReadOnlyDictionary<string, ITrackerFactory>? own = null)
    {
        if (trackers.Count == 0)
            return null;
        var pumps = new List<TrackerPump>(trackers.Count);
        foreach (var reference in trackers)
        {
            if (own?.GetValueOrDefault(reference.Type) is { } mine)
                pumps.Add(new TrackerPump(mine, reference, run, _losses, _bound, _schedulers.GetValue(mine, static _ => NewScheduler()), _services, lost));
            else if (_factories.TryGetValue(reference.Type, out var known))
                pumps.Add(new TrackerPump(known.Factory, reference, run, _losses, _bound, known.Scheduler, _services, lost));
            else
                _losses.Unknown(reference.Type, run, lost);
        }

        foreach (var pump in pumps)
            pump.Begin();
        return pumps.Count == 0 ? null : new RunTracking([.. pumps], _unfinished);
    }

    public async Task DrainAsync(TimeSpan? limit = null)
    {
        var waiting = _unfinished.Snapshot().GroupBy(pump => limit ?? pump.Grace);
        await Task.WhenAll(waiting.Select(pumps => DrainAsync([.. pumps], pumps.Key))).ConfigureAwait(false);
        _losses.Summarize();
    }

    private async Task DrainAsync(TrackerPump[] waiting, TimeSpan limit)
    {
        try
        {
            await Task.WhenAll(waiting.Select(pump => pump.Finished)).WaitAsync(limit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            foreach (var pump in waiting.Where(pump => !pump.Finished.IsCompleted))
                pump.Abandon();
        }
    }

    private static TaskScheduler NewScheduler() => new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, MostThreads).ConcurrentScheduler;
}
