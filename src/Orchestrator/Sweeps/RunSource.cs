using Orchestrator.Execution;
using Orchestrator.Runs;
using Orchestrator.Sampling;

namespace Orchestrator.Sweeps;

/// <summary>
/// Where a sweep's next run comes from: run n is replicate n % R of proposal n / R, and proposal p is what the sampler says for p
/// with a generator derived from (sweep seed, p). Used by the coordinator's loop alone.
/// </summary>
internal sealed class RunSource(SweepExecution sweep, ISampler sampler, long nextNumber, ParameterSet? current)
{
    private readonly int _replicates = sweep.Definition.RunsPerAssignment;
    private ParameterSet? _current = current;
    private bool _samplerIsExhausted;

    /// <summary>The number of the next run.</summary>
    public long NextNumber { get; private set; } = nextNumber;

    /// <summary>The proposal that the next run begins; <see langword="null"/> if it is another replicate of the one before.</summary>
    public long? NextProposal => NextNumber % _replicates == 0 || _current is null ? NextNumber / _replicates : null;

    /// <summary>Whether there is no further run: the limit is reached, or the sampler has nothing left.</summary>
    public bool IsExhausted => _samplerIsExhausted || NextNumber >= (sweep.Definition.Limits.MaxRuns ?? long.MaxValue);

    /// <summary>How many runs there will be in all, if that is known.</summary>
    public static long? Planned(SweepDefinition definition, ISampler sampler)
    {
        var points = sampler.Count is { IsExact: true } count ? count.Value : (UInt128?)null;
        var most = definition.Limits.MaxRuns;
        if (points is not { } exact || exact > (UInt128)(long.MaxValue / definition.RunsPerAssignment))
            return most;
        var runs = (long)exact * definition.RunsPerAssignment;
        return most is { } limit ? Math.Min(limit, runs) : runs;
    }

    /// <summary>The next run, or <see langword="null"/> when there is none.</summary>
    /// <exception cref="SamplingException">The sampler cannot propose.</exception>
    public RunTicket? Next(CancellationToken cancellationToken)
    {
        if (IsExhausted)
            return null;
        if (NextNumber > uint.MaxValue) // a run's key has 32 bits for it: the next number would be another sweep's
            throw new SamplingException("a sweep has at most 4,294,967,296 runs; go on with another sweep");

        var (proposal, replicate) = Math.DivRem(NextNumber, _replicates);
        if (replicate == 0 || _current is null)
            _current = sampler.Ask(AskContext.Create(sweep.Definition.Seed, proposal, cancellationToken));
        if (_current is null)
        {
            _samplerIsExhausted = true;
            return null;
        }

        return new RunTicket
        {
            Sweep = sweep,
            Number = NextNumber,
            Proposal = proposal,
            Replicate = (int)replicate,
            Seed = sweep.Definition.SeedOf((int)replicate),
            Name = RunNames.For(sweep.Id, NextNumber++),
            Parameters = _current,
        };
    }
}
