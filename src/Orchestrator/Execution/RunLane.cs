using Orchestrator.Execution.Packing;

namespace Orchestrator.Execution;

/// <summary>A sweep's place in the queue. Touched under the queue's lock, except the settings.</summary>
internal sealed class RunLane(RunAllotment allotment) : PackingLane(allotment.Pool, allotment.Request)
{
    public RunAllotment Allotment => allotment;

    public Queue<RunTicket> Waiting { get; } = new();

    public override bool HasWaiting => Waiting.Count > 0;

    public override ulong Avoids => Waiting.TryPeek(out var next) ? next.Avoids : 0;

    /// <summary>Whether the end of one of its runs makes room for one other run at most.</summary>
    public bool IsSmall { get; } = allotment.Request is { Devices: 0, Cpus: <= 1, Memory: 0 };
}
