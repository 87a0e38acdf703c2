using Orchestrator.Execution.Devices;
using Orchestrator.Execution.Packing;

namespace Orchestrator.Execution;

/// <summary>Where a sweep's runs are executed, and what each of them occupies.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Request">What is counted.</param>
/// <param name="Devices">The pool's devices, by the index that placements use.</param>
/// <param name="Cpus">Processors that a run is told to use.</param>
/// <param name="MemoryBytes">Memory that a run is told to use.</param>
internal sealed record RunPlace(ResourcePool Pool, ResourceRequest Request, IReadOnlyList<GpuDevice> Devices, int Cpus, long? MemoryBytes)
{
    /// <summary>A processor, in a pool of its own without limits.</summary>
    public static RunPlace Anywhere() => new(ResourcePool.Unlimited(), new ResourceRequest(0, 0, 1, 0), [], 1, null);
}

/// <summary>A sweep's place in the queue. Touched under the queue's lock, except the settings.</summary>
internal sealed class RunLane(RunPlace place) : PackingLane(place.Pool, place.Request)
{
    public RunPlace Place => place;

    public Queue<RunTicket> Waiting { get; } = new();

    public override bool HasWaiting => Waiting.Count > 0;

    /// <summary>Whether the end of one of its runs makes room for one other run at most.</summary>
    public bool IsSmall { get; } = place.Request is { Devices: 0, Cpus: <= 1, Memory: 0 };
}
