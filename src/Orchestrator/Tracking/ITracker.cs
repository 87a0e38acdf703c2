using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Tracking;

/// <summary>Receives what one run logs. One instance per attempt, used by one caller at a time, disposed at the end.</summary>
/// <remarks>
/// A tracker is fed from a bounded queue of its own: one that throws or stalls costs the run nothing. After an exception it is
/// given nothing more; what it lost is counted, said, and kept with the run. The tokens are canceled when it is given up because it
/// takes too long. Only <see cref="ReportAsync"/> must be written; <see cref="TrackerCheck"/> tries one out.
/// </remarks>
public interface ITracker : IAsyncDisposable
{
    /// <summary>The attempt begins. Called once, first.</summary>
    ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken) => default;

    /// <summary>Values, in the order reported; at least one. The memory is shared by all trackers: read it, or copy it.</summary>
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
    ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken) => default;

    /// <summary>Frees what it holds. Called in any case, also when it was never started or has thrown.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "There is nothing to finalize in an interface.")]
    ValueTask IAsyncDisposable.DisposeAsync() => default;
}
