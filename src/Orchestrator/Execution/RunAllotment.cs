using Orchestrator.Execution.Devices;
using Orchestrator.Execution.Packing;

namespace Orchestrator.Execution;

/// <summary>Which pool a sweep's runs are executed in, and what each of them is given there.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Request">What is counted.</param>
/// <param name="Devices">The pool's devices, by the index that placements use.</param>
/// <param name="Cpus">Processors that a run is told to use.</param>
/// <param name="MemoryBytes">Memory that a run is told to use.</param>
internal sealed record RunAllotment(ResourcePool Pool, ResourceRequest Request, IReadOnlyList<GpuDevice> Devices, int Cpus, long? MemoryBytes)
{
    /// <summary>Whether somebody said that the pool has no GPUs: then a run in a process of its own must see none, whatever there are.</summary>
    public bool HidesGpus { get; init; }

    /// <summary>How many runs at once there is room for; where a person said how many, processors that were only counted do not count.</summary>
    public int MostAtOnce(bool isAsked) =>
        Pool.MostAtOnce(isAsked && !Pool.Cpus.IsDeclared ? Request with { Cpus = 0 } : Request);

    /// <summary>
    /// The same for a run that is alone in the pool: it may use all memory that the pool has. Where a sweep asks for none in particular its
    /// runs have no limit, alone as beside others.
    /// </summary>
    public RunAllotment Alone() => this with
    {
        Request = Request with { Memory = (long)Pool.Memory.Capacity, IsAlone = true },
        MemoryBytes = MemoryBytes is null ? null : (long)Pool.Memory.Capacity,
    };

    /// <summary>A processor, in a pool of its own without limits.</summary>
    public static RunAllotment Anywhere() => new(ResourcePool.Unlimited(), new ResourceRequest(0, 0, 1, 0), [], 1, null);
}
