using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling;

/// <summary>
/// Proposes the included assignments first, then what the sampler inside proposes. Numbers inside start at 0; results of included
/// assignments are told inside under negative numbers, as those of proposals that it did not make.
/// </summary>
internal sealed class WarmStartSampler(ISampler inner, SearchSpace space, IReadOnlyList<IncludedAssignment> includes) : ISampler
{
    private readonly Draw?[] _draws =
        [.. includes.Select(i => i.Complete is null ? new Draw(space, PartialAssignment.Create(space, i.Given)) : null)];

    public bool UsesHistory => inner.UsesHistory;

    public PointCount? Count => inner.Count is { } count ? count with { Value = count.Value + (ulong)includes.Count } : null;

    public ParameterSet? Ask(in AskContext context)
    {
        if (context.Number >= includes.Count)
            return inner.Ask(context with { Number = context.Number - includes.Count });
        ArgumentOutOfRangeException.ThrowIfNegative(context.Number);
        var proposal = includes[(int)context.Number].Complete
            ?? _draws[context.Number]!.Next(context.Random, context.CancellationToken);
        if (inner.UsesHistory)
            inner.Tell(new Observation(context.Number - includes.Count, proposal, ObservationState.Pending, []));
        return proposal;
    }

    public void Tell(in Observation observation) => inner.Tell(observation with { Number = observation.Number - includes.Count });
}
