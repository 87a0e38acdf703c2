using Orchestrator.Storage;

namespace Orchestrator.Tracking;

/// <summary>The tracker set of one attempt, as the executor sees it. No member blocks or throws.</summary>
internal interface IRunTracking
{
    /// <summary>Hands values to every tracker.</summary>
    void Report(ReadOnlySpan<MetricPoint> points);

    /// <summary>Hands over the end and lets every tracker finish on its own time.</summary>
    void End(RunEnd end);
}

/// <summary>Makes tracker sets and waits for those that are not finished.</summary>
internal interface IRunTrackingFactory
{
    /// <summary>The set of an attempt that begins; <see langword="null"/> where there is no tracker.</summary>
    IRunTracking? Start(RunInfo run, IReadOnlyList<TrackerReference> trackers);

    /// <summary>Waits for the sets that ended, at most this long; what was lost by then is counted and logged.</summary>
    Task DrainAsync(TimeSpan limit);
}
