using Orchestrator.Experiments.Checkpoints;

namespace Orchestrator.Storage;

/// <summary>The key of a run in the store: its sweep's key and its number, so that a sweep's runs lie together, in order.</summary>
internal readonly record struct RunKey(long Value)
{
    public RunKey(long sweep, long number)
        : this((sweep << 32) | number)
    {
    }

    public long Sweep => Value >> 32;

    public long Number => Value & 0xFFFFFFFF;
}

/// <summary>
/// One change, appended to the store's queue and committed with its neighbours, in order. <see cref="Committed"/> is called on
/// the writer's thread once it is durable; it must be quick and must not throw.
/// </summary>
internal abstract class StoreCommand
{
    /// <summary>
    /// Called once, after the commit. <paramref name="applied"/> is false where the store refused (a stale lease, a state that does not
    /// allow it).
    /// </summary>
    public virtual void Committed(bool applied)
    {
    }

    /// <summary>Called instead when the group could not be committed; not for a command whose appending threw.</summary>
    public virtual void Failed(Exception cause)
    {
    }
}

/// <summary>A new run, queued.</summary>
internal sealed class RunQueued : StoreCommand
{
    public required RunKey Run { get; init; }
    public required string Name { get; init; }
    public required long Proposal { get; init; }
    public required int Replicate { get; init; }
    public required long Seed { get; init; }
    public required ParameterSet Parameters { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>queued -> running: an attempt begins and takes the lease.</summary>
internal sealed class AttemptStarted : StoreCommand
{
    public required RunKey Run { get; init; }
    public required int Attempt { get; init; }
    public required long Lease { get; init; }
    public required string Worker { get; init; }
    public string? Device { get; init; }

    /// <summary>What makes its result, as JSON.</summary>
    public string? Environment { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>
/// An attempt's buffer holds points: the writer drains it. Refused, and the points thrown away, if the attempt no longer holds its run.
/// </summary>
internal sealed class ReportsPending(ReportBuffer buffer) : StoreCommand
{
    public ReportBuffer Buffer { get; } = buffer;
}

/// <summary>A run says something of itself. Refused if the attempt no longer holds its run.</summary>
internal class RunNoted : StoreCommand
{
    public required RunKey Run { get; init; }
    public required int Attempt { get; init; }
    public required RunNote Note { get; init; }
}

/// <summary>What a tracker lost of a run; known while it runs, or after its end. Refused if there is no such run.</summary>
internal sealed class TrackerLossNoted : StoreCommand
{
    public required RunKey Run { get; init; }
    public required TrackerLoss Loss { get; init; }
}

/// <summary>A checkpoint counts from here on, with what had been reported; those that it supersedes do not. Refused as <see cref="RunNoted"/>.</summary>
internal class CheckpointSaved : RunNoted
{
    public required StoredCheckpoint Checkpoint { get; init; }
}

/// <summary>
/// An attempt ended. Applied only while the run is running under this lease. <see cref="Next"/> is the run's next state: an end,
/// or queued for another attempt. Reports still in the buffer are stored first.
/// </summary>
internal abstract class AttemptEnded : StoreCommand
{
    public required RunKey Run { get; init; }
    public required int Attempt { get; init; }
    public required long Lease { get; init; }
    public required RunState Next { get; init; }

    /// <summary>How the attempt itself ended (failed, while the run is queued again, for one).</summary>
    public required RunState Outcome { get; init; }
    public double? Objective { get; init; }
    public RunFailure? Failure { get; init; }
    public required ReportBuffer Reports { get; init; }

    /// <summary>What made its result, as it is known by now.</summary>
    public string? Environment { get; init; }

    /// <summary>The paths of the run's checkpoints that do not count any more.</summary>
    public IReadOnlyList<string> SupersededCheckpoints { get; init; } = [];
    public required DateTimeOffset At { get; init; }
}

/// <summary>
/// A run that no attempt holds moves: queued -> canceled, canceled -> queued, failed -> queued, or a lost attempt's running -> queued.
/// </summary>
internal class RunMoved : StoreCommand
{
    public required RunKey Run { get; init; }
    public required RunState To { get; init; }

    /// <summary>
    /// Ends the attempt that is recorded as running, as lost with its worker. With it only a running run moves, without it only one
    /// that is not running.
    /// </summary>
    public RunFailure? LostAttempt { get; init; }

    /// <summary>Only if this is still the run's last attempt: whoever looked may have been overtaken.</summary>
    public int? OfAttempt { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>
/// A sweep's own state. What is <see langword="null"/> stays as it is, but a sweep that runs again has no reason for its end.
/// </summary>
internal class SweepChanged : StoreCommand
{
    public required long Sweep { get; init; }
    public SweepState? State { get; init; }
    public string? EndReason { get; init; }
    public double? ElapsedSeconds { get; init; }
    public long? PlannedRuns { get; init; }

    /// <summary>Of a reproducible sweep: the run from which on results decide whether it goes on.</summary>
    public long? DecidedFrom { get; init; }

    /// <summary>The whole definition as a sweep file, when its limits were changed.</summary>
    public string? Definition { get; init; }
    public int? Priority { get; init; }

    /// <summary>Whether a hosted scheduler takes the sweep up again when it starts.</summary>
    public bool? IsHosted { get; init; }
    public required DateTimeOffset At { get; init; }
}
