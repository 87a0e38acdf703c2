namespace Orchestrator;

/// <summary>The circuit breaker: when failures end the sweep.</summary>
public sealed class FailurePolicy
{
    /// <summary>Start nothing new after this many failed runs in a row; at least 1. Default: never.</summary>
    public int? StopAfterConsecutive { get; set; }

    /// <summary>Start nothing new after this many failed runs; at least 1. Default: never.</summary>
    public int? StopAfter { get; set; }
}
