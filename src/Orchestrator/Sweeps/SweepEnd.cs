namespace Orchestrator.Sweeps;

/// <summary>What ended a sweep.</summary>
public enum SweepEndKind
{
    /// <summary>Everything that was to be run has ended.</summary>
    Exhausted,

    /// <summary>The metric's target was reached.</summary>
    Target,

    /// <summary>The time in <c>limits.duration</c> is over.</summary>
    Duration,

    /// <summary>The circuit breaker opened.</summary>
    CircuitBreaker,

    /// <summary>A person or a signal asked for it.</summary>
    Requested,

    /// <summary>The orchestrator or the sampler could not go on.</summary>
    Fault,
}

/// <summary>How the execution of a sweep ended.</summary>
/// <param name="Kind">What ended it.</param>
/// <param name="State">The sweep's state from here on.</param>
/// <param name="Reason">The same in one sentence.</param>
/// <param name="Error">What could not go on.</param>
internal sealed record SweepEnd(SweepEndKind Kind, SweepState State, string Reason, Exception? Error = null);
