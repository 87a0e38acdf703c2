using Microsoft.Extensions.Logging;

namespace Orchestrator.Execution;

/// <summary>
/// The other side of a <see cref="RunContext"/>: who keeps what a run says and asks it to end. In the orchestrating process it is the
/// <see cref="RunAttempt"/> itself; in a worker's process it is the pipe that leads there. Safe for concurrent use; what comes after the run's
/// end is ignored and counted.
/// </summary>
internal interface IRunPort
{
    RunInfo Info { get; }

    /// <summary>Canceled when the run must end; valid for ever.</summary>
    CancellationToken CancellationToken { get; }

    CancellationReason CancellationReason { get; }

    /// <summary>What user code logs through.</summary>
    ILogger Logger { get; }

    /// <summary>This attempt's part of the run's log.</summary>
    IRunLog Log { get; }

    /// <summary>Values of one step. Incomplete only where whoever keeps them is behind.</summary>
    /// <exception cref="ArgumentException">A name cannot be kept.</exception>
    ValueTask Report(long step, ReadOnlySpan<(string Name, double Value)> metrics);

    /// <summary>Anything else that the run says of itself.</summary>
    ValueTask Note(RunNote note);

    /// <summary>The last step reported under a name so far, by this or an earlier attempt that counts together with it.</summary>
    long? LastStep(string metric) => null;

    /// <summary>The time, for what is said.</summary>
    DateTimeOffset Now { get; }

    /// <summary>
    /// The attempt's timeout does not run until this is disposed: the run waits for another, not for itself. In a worker's process there is no
    /// other, and nothing to do.
    /// </summary>
    IDisposable? HoldTimeout() => null;

    /// <summary>
    /// Has something called once when the attempt's end is recorded, at once if it was: whoever is still at work then was given up. A worker's process
    /// ends with a run that is given up, so there it is never called.
    /// </summary>
    void WhenEnded(Action called)
    {
    }
}

/// <summary>Takes the lines of a run's log. Never throws.</summary>
internal interface IRunLog
{
    /// <summary>Adds one or several lines; a line end is added.</summary>
    void Write(string text);
}
