using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling;

/// <summary>
/// Independent draws by the parameters' ranges, weights and conditions, conditioned on the constraints by rejection. Proposal n
/// depends on nothing but the generator it is asked with.
/// </summary>
internal sealed class RandomSampler(SearchSpace space) : ISampler
{
    private readonly Draw _draw = new(space);

    public bool UsesHistory => false;

    public PointCount? Count => null;

    public ParameterSet? Ask(in AskContext context) => _draw.Next(context.Random, context.CancellationToken);

    public void Tell(in Observation observation)
    {
        // Independent draws learn nothing.
    }
}
