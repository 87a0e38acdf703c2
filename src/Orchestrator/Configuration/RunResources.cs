namespace Orchestrator;

/// <summary>What one run occupies.</summary>
public sealed class RunResources
{
    /// <summary>Processors; at least 1. Default: 1.</summary>
    public int Cpus { get; set; } = 1;
}
