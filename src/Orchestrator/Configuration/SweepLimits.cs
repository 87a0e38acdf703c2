namespace Orchestrator;

/// <summary>When a sweep starts nothing new, and how much it executes at once.</summary>
public sealed class SweepLimits
{
    /// <summary>How many runs there are in all, replicates and includes among them; at least 1. Default: no limit.</summary>
    public long? MaxRuns { get; set; }

    /// <summary>How many runs are executed at once; at least 1. Default: what the workers allow.</summary>
    public int? MaxConcurrent { get; set; }

    /// <summary>How long runs are started, counted over all the time the sweep is executed. Default: no limit.</summary>
    public TimeSpan? Duration { get; set; }
}

/// <summary>What one run occupies.</summary>
public sealed class RunResources
{
    /// <summary>Processors; at least 1. Default: 1.</summary>
    public int Cpus { get; set; } = 1;
}

/// <summary>Whether a failed attempt is tried again.</summary>
public sealed class RetryPolicy
{
    /// <summary>How many attempts a run has, all counted; at least 1. Default: 1.</summary>
    public int MaxAttempts { get; set; } = 1;

    /// <summary>The wait before the second attempt, doubled before each further one, at most an hour. Default: none.</summary>
    public TimeSpan Backoff { get; set; }

    /// <summary>The kinds of failure that are tried again; empty: all.</summary>
    public IList<FailureKind> On { get; init; } = [];

    /// <summary>Whether a failure of this kind in attempt number <paramref name="attempt"/> (from 1) is tried again.</summary>
    internal bool Allows(FailureKind kind, int attempt) => attempt < MaxAttempts && (On.Count == 0 || On.Contains(kind));

    /// <summary>The wait after attempt number <paramref name="attempt"/> (from 1).</summary>
    internal TimeSpan DelayAfter(int attempt) =>
        TimeSpan.FromSeconds(Math.Min(3600, Backoff.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 40))));
}

/// <summary>The circuit breaker: when failures end the sweep.</summary>
public sealed class FailurePolicy
{
    /// <summary>Start nothing new after this many failed runs in a row; at least 1. Default: never.</summary>
    public int? StopAfterConsecutive { get; set; }

    /// <summary>Start nothing new after this many failed runs; at least 1. Default: never.</summary>
    public int? StopAfter { get; set; }
}
