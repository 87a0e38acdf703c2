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
