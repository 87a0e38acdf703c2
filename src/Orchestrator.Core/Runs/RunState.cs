namespace Orchestrator;

/// <summary>The state of a run. <see cref="Completed"/>, <see cref="Failed"/>, <see cref="Pruned"/> and <see cref="Canceled"/> are ends.</summary>
public enum RunState
{
    /// <summary>Waits for a slot (also between two attempts).</summary>
    Queued,

    /// <summary>An attempt is being executed.</summary>
    Running,

    /// <summary>Taken off its slot by early stopping; goes on later.</summary>
    Paused,

    /// <summary>Ended with a valid objective.</summary>
    Completed,

    /// <summary>The last attempt failed and none is left.</summary>
    Failed,

    /// <summary>Ended by early stopping: its last value counts, but not as best.</summary>
    Pruned,

    /// <summary>Ended from outside; <c>resume</c> takes it up again.</summary>
    Canceled,
}

/// <summary>What made an attempt fail.</summary>
public enum FailureKind
{
    /// <summary>An exception left the user's code.</summary>
    Exception,

    /// <summary>The attempt took longer than the sweep's <c>timeout</c>.</summary>
    Timeout,

    /// <summary>A command ended with an exit code other than 0.</summary>
    Exit,

    /// <summary>The process was ended by a signal.</summary>
    Signal,

    /// <summary>The attempt exceeded its memory.</summary>
    OutOfMemory,

    /// <summary>Another resource gave out, the disk for one.</summary>
    ResourceLimit,

    /// <summary>The objective was NaN or infinite.</summary>
    NonFinite,

    /// <summary>The run ended without ever reporting the sweep's metric.</summary>
    InvalidResult,

    /// <summary>The worker vanished while it executed the attempt.</summary>
    WorkerLost,
}

/// <summary>Why a run's token was canceled.</summary>
public enum CancellationReason
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The attempt took longer than the sweep's <c>timeout</c>.</summary>
    Timeout,

    /// <summary>Early stopping pruned the run.</summary>
    Pruned,

    /// <summary>The sweep, or this run, was canceled.</summary>
    Canceled,

    /// <summary>The orchestrator shuts down.</summary>
    Shutdown,

    /// <summary>Another worker holds the run by now: whatever this one does is ignored.</summary>
    LeaseLost,
}
