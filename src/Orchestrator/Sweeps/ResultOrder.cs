using Orchestrator.Sampling;

namespace Orchestrator.Sweeps;

/// <summary>
/// What results decide in a reproducible sweep, in an order that is the runs' own: before proposal p is decided on, exactly the results of the
/// proposals below p - lag are applied, by run number. Each is told to the sampler, counted by the circuit breaker, held against the target. So
/// every decision is a function of (definition, results), whatever ended first. Used by the coordinator's loop alone.
/// </summary>
internal sealed class ResultOrder
{
    private readonly SweepDefinition _definition;
    private readonly ISampler _sampler;
    private readonly string _sweep;
    private readonly int _replicates;
    private readonly int _lag;
    private readonly ReplicateBook? _book;
    private CircuitBreaker _breaker;
    private readonly Dictionary<long, EndedRun> _ended = [];
    private long _next;

    private ResultOrder(SweepDefinition definition, ISampler sampler, string sweep, long decidedFrom)
    {
        (_definition, _sampler, _sweep, DecidedFrom) = (definition, sampler, sweep, decidedFrom);
        _replicates = definition.RunsPerAssignment;
        _lag = definition.Reproducible!.Lag;
        _book = sampler.UsesHistory ? new ReplicateBook(_replicates) : null;
        _breaker = new CircuitBreaker(definition.Failure, 0, 0);
    }

    /// <summary>Runs below it were decided on before the sweep was taken up beyond its end: neither breaker nor target looks at them again.</summary>
    public long DecidedFrom { get; private set; }

    /// <summary>What the results have decided: nothing more is proposed.</summary>
    public SweepEnd? End { get; private set; }

    /// <summary>The order of a reproducible sweep; <see langword="null"/> for another one, and where results decide nothing.</summary>
    public static ResultOrder? Of(SweepDefinition definition, ISampler sampler, string sweep, long decidedFrom) =>
        definition.Reproducible is not null
        && (sampler.UsesHistory || definition.Metric?.Target is not null || definition.Failure.StopAfter is not null || definition.Failure.StopAfterConsecutive is not null)
            ? new ResultOrder(definition, sampler, sweep, decidedFrom)
            : null;

    /// <summary>Takes in the end of a run, whenever it comes. One that was applied already changes nothing.</summary>
    public void Add(long run, long proposal, ParameterSet parameters, RunState state, double? objective)
    {
        if (run >= _next)
            _ended[run] = new EndedRun(proposal, parameters, state, objective);
    }

    /// <summary>Applies what the decision on a proposal looks at.</summary>
    /// <returns>False if some of it has not ended yet.</returns>
    public bool TryAdvance(long proposal) => ApplyBelow(Math.Max(0, proposal - _lag) * _replicates);

    /// <summary>Applies what is left: nothing more is proposed, and everything has ended.</summary>
    public void Drain() => ApplyBelow(long.MaxValue);

    /// <summary>The sweep is taken up beyond what its results had decided.</summary>
    public void GoOnFrom(long run)
    {
        (DecidedFrom, End) = (run, null);
        _breaker = new CircuitBreaker(_definition.Failure, 0, 0);
    }

    private bool ApplyBelow(long bound)
    {
        while (_next < bound && End is null)
        {
            if (!_ended.Remove(_next, out var run))
                return false;
            Apply(_next++, run);
        }

        return true;
    }

    private void Apply(long number, EndedRun run)
    {
        if (_book?.Add(run.Proposal, run.Parameters, run.State, run.Objective) is { } observation)
            _sampler.Tell(observation);
        if (number < DecidedFrom)
            return;
        if (_breaker.Add(run.State) is { } reason)
            End = new SweepEnd(SweepEndKind.CircuitBreaker, SweepState.Stopped, reason);
        else if (run.State == RunState.Completed && _definition.Metric!.ReachesTarget(run.Objective!.Value))
            End = new SweepEnd(SweepEndKind.Target, SweepState.Completed, $"the target was reached by run {RunRecord.IdOf(_sweep, number)}");
    }

    private readonly record struct EndedRun(long Proposal, ParameterSet Parameters, RunState State, double? Objective);
}
