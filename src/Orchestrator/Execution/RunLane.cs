using Orchestrator.Execution.Packing;

namespace Orchestrator.Execution;

/// <summary>A sweep's place in the queue. Touched under the queue's lock, except the settings.</summary>
/// <param name="allotment">Where its runs are executed, and what each is given.</param>
/// <param name="owner">The sweep's first lane, if this is the one of its runs that are to be alone.</param>
internal sealed class RunLane(RunAllotment allotment, RunLane? owner = null) : PackingLane(allotment.Pool, allotment.Request, owner)
{
    public RunAllotment Allotment => allotment;

    /// <summary>The lane of the sweep's runs that are to be alone; <see langword="null"/> until there is one.</summary>
    public RunLane? Alone { get; private set; }

    /// <summary>Where a ticket of the sweep waits.</summary>
    public RunLane LaneOf(RunTicket ticket) => ticket.IsAlone ? Alone ??= new RunLane(allotment.Alone(), this) : this;

    public Queue<RunTicket> Waiting { get; } = new();

    public override bool HasWaiting => Waiting.Count > 0;

    public override ulong Avoids => Waiting.TryPeek(out var next) ? next.Avoids : 0;

    /// <summary>Whether the end of one of its runs makes room for one other run at most.</summary>
    public bool IsSmall { get; } = allotment.Request is { Devices: 0, Cpus: <= 1, Memory: 0 };
}
