using Orchestrator.Execution.Packing;

namespace Orchestrator.Tests.Execution.Packing;

/// <summary>Requests that are only counted.</summary>
internal sealed class TestLane(ResourcePool pool, ResourceRequest request, PackingLane? owner = null) : PackingLane(pool, request, owner)
{
    /// <summary>How many wait; endless if it is the largest number there is.</summary>
    public int Count { get; set; }

    public override bool HasWaiting => Count > 0;

    public ulong Avoiding { get; set; }

    public override ulong Avoids => Avoiding;
}
