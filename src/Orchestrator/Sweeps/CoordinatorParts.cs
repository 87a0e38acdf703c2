using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using Orchestrator.Sampling;
using Orchestrator.Storage;

namespace Orchestrator.Sweeps;

/// <summary>What a coordinator works with.</summary>
internal sealed record CoordinatorParts(
    ISampler Sampler,
    ISweepStore Store,
    IRunQueue Queue,
    SweepControl Control,
    ObserverGuard Observer,
    TimeProvider Time,
    ILogger Logger,
    int Workers,
    Action<int> GrowPool,
    SweepStart Start);

/// <summary>Where a sweep begins, or goes on.</summary>
internal sealed record SweepStart
{
    public long NextNumber { get; init; }

    /// <summary>The assignment of the proposal that <see cref="NextNumber"/> continues, if it is in the middle of one.</summary>
    public ParameterSet? Current { get; init; }

    /// <summary>Runs that are stored as queued and have not begun.</summary>
    public IReadOnlyList<RunTicket> Waiting { get; init; } = [];

    /// <summary>Gathers replicates for a sampler that uses history; <see langword="null"/> for one that does not.</summary>
    public ReplicateBook? Replicates { get; init; }

    /// <summary>The order in which results decide in a reproducible sweep; <see langword="null"/>: as they come.</summary>
    public ResultOrder? Order { get; init; }
    public double? BestObjective { get; init; }
    public int ConsecutiveFailures { get; init; }
    public long Failed { get; init; }
    public double ElapsedSeconds { get; init; }
}
