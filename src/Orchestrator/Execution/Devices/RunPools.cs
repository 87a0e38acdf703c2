using Orchestrator.Execution.Packing;

namespace Orchestrator.Execution.Devices;

/// <summary>The pools of this process, shared by all its sweeps.</summary>
internal sealed class RunPools
{
    private readonly ResourcePool _default = new(
        "default", 0, new Budget(Environment.ProcessorCount, isDeclared: false), new Budget(long.MaxValue, isDeclared: false));

    /// <summary>Where a sweep's runs are executed.</summary>
    public RunPlace Place(RunResources resources) =>
        new(_default, new ResourceRequest(0, 0, resources.Cpus, 0), [], resources.Cpus, null);
}
