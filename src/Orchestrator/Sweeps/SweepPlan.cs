using Orchestrator.Configuration;
using Orchestrator.Sampling;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Sweeps;

/// <summary>A checked definition, with its space and a fresh sampler: what is known of a sweep before anything is run.</summary>
internal sealed class SweepPlan
{
    private SweepPlan(SweepDefinition definition, SearchSpace space, ISampler sampler) =>
        (Definition, Space, Sampler) = (definition, space, sampler);

    public SweepDefinition Definition { get; }

    public SearchSpace Space { get; }

    public ISampler Sampler { get; }

    /// <summary>How many runs there will be, if that is known.</summary>
    public long? Runs => RunSource.Planned(Definition, Sampler);

    /// <exception cref="InvalidDefinitionException">The definition has mistakes; all are listed.</exception>
    public static SweepPlan Create(SweepDefinition definition, ISweepCatalog catalog, bool hasDelegate, SweepOrigin? origin)
    {
        var problems = SweepDefinitionValidator.Validate(definition, catalog, hasDelegate, origin);
        if (problems.Any(p => p.Severity == ProblemSeverity.Error))
            throw new InvalidDefinitionException(problems);
        var space = SearchSpace.Create(definition.ToSpaceDefinition());
        var sampler = Samplers.TryCreate(definition.Method, space, [.. definition.Include], definition.Seed, out var wrong)
            ?? throw new InvalidDefinitionException(wrong);
        return new SweepPlan(definition, space, sampler);
    }
}
