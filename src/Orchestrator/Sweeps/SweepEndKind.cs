namespace Orchestrator;

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
