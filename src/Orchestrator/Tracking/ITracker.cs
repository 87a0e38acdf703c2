using Orchestrator.Storage;

namespace Orchestrator.Tracking;

/// <summary>Receives what one run logs. One instance per attempt, used by one caller at a time, disposed at the end.</summary>
/// <remarks>
/// A tracker is fed from a bounded channel of its own: one that throws or stalls costs the run nothing. After an exception it is
/// given nothing more; what it lost is counted and said. The tokens are canceled when it is given up because it takes too long.
/// </remarks>
public interface ITracker : IAsyncDisposable
{
    /// <summary>The attempt begins. Called once, first.</summary>
    ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken);

    /// <summary>Values, in the order reported; at least one.</summary>
    ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken);

    /// <summary>
    /// Nothing waits at the moment: what is buffered should be written out, so that it can be followed. Not called while reports
    /// come faster than they are taken.
    /// </summary>
    ValueTask FlushAsync(CancellationToken cancellationToken) => default;

    /// <summary>The attempt ended. Called once, last.</summary>
    ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken);
}

/// <summary>How an attempt ended.</summary>
/// <param name="State">Its final state.</param>
/// <param name="Objective">The value of the sweep's metric, if there is one.</param>
/// <param name="Failure">Why it failed, if it did.</param>
/// <param name="EndedAt">When.</param>
public sealed record RunEnd(RunState State, double? Objective, RunFailure? Failure, DateTimeOffset EndedAt);

/// <summary>Makes trackers of one kind. Registered as a singleton; safe for concurrent use.</summary>
public interface ITrackerFactory
{
    /// <summary>The name in a sweep file and the options.</summary>
    Configuration.TrackerInfo Info { get; }

    /// <summary>A tracker for one attempt. Must not block: files are opened in <see cref="ITracker.StartAsync"/>.</summary>
    /// <exception cref="ArgumentException">An option has a value that the tracker does not know.</exception>
    ITracker Create(TrackerReference reference);
}
