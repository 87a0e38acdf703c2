using Orchestrator.SearchSpaces;

namespace Orchestrator.Configuration;

/// <summary>The one seam to the search space and the samplers, which know their own rules.</summary>
internal static class SpaceRules
{
    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition, IReadOnlyList<string> unsound)
    {
        try
        {
            SearchSpace.TryCreate(definition.ToSpaceDefinition(), out var problems);
            return problems;
        }
        catch (NotSupportedException)
        {
            return [];
        }
    }
}
