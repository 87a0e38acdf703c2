using System.Diagnostics;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Storage;

namespace Orchestrator.Execution;

/// <summary>A queued run on its way to a worker. The same ticket comes back for a further attempt.</summary>
internal sealed class RunTicket
{
    public required SweepExecution Sweep { get; init; }
    public required long Number { get; init; }
    public required long Proposal { get; init; }
    public required int Replicate { get; init; }
    public required long Seed { get; init; }
    public required string Name { get; init; }
    public required ParameterSet Parameters { get; init; }

    /// <summary>Attempts begun so far, whatever became of them.</summary>
    public int Attempts { get; set; }

    /// <summary>Attempts that failed by themselves since the run was last tried again by hand: what <c>retry</c> counts. Lost and canceled ones cost nothing.</summary>
    public int FailedAttempts { get; set; }

    /// <summary>Devices on which it failed, a bit for each as placements count them: a further attempt goes elsewhere if it can.</summary>
    public ulong Avoids { get; set; }

    /// <summary>
    /// Whether an attempt at it ran out of memory: the next one is alone, with all the memory of its pool. The coordinator's own, and
    /// never changed while the ticket is out.
    /// </summary>
    public bool IsAlone { get; set; }

    /// <summary>The run's checkpoints, over its attempts.</summary>
    public CheckpointBook Checkpoints { get; init; } = new();

    /// <summary>Attempts whose worker vanished while it executed nothing but this run, since the same.</summary>
    public int Losses { get; set; }

    /// <summary>What the attempt that a worker took it for was given; the queue sets it before each.</summary>
    public RunGrant? Grant { get; set; }

    /// <summary>What held when its attempt began.</summary>
    public RunTerms Terms
    {
        get => field ?? Sweep.Terms;
        set;
    }

    /// <summary>The run's span while attempts at it go on.</summary>
    public Activity? Span { get; set; }

    public RunKey Key => new(Sweep.Key, Number);
}
