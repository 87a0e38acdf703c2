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
    /// Something else that the run says of itself: an attribute, a tag. In order with the reports. A tracker that does not know a kind of note
    /// passes it over: kinds are added.
    /// </summary>
    ValueTask NoteAsync(RunNote note, CancellationToken cancellationToken) => default;

    /// <summary>
    /// Nothing waits at the moment: what is buffered should be written out, so that it can be followed. Not called while reports
    /// come faster than they are taken.
    /// </summary>
    ValueTask FlushAsync(CancellationToken cancellationToken) => default;

    /// <summary>The attempt ended. Called once, last.</summary>
    ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken);
}
