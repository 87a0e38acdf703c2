namespace Orchestrator;

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
