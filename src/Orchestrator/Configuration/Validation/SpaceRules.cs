using System.Text.RegularExpressions;
using Orchestrator.Sampling;
using Orchestrator.SearchSpaces;
using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>The one seam to the search space and the samplers, which know their own rules.</summary>
internal static partial class SpaceRules
{
    // Stands in for a space with mistakes, so that the method is checked all the same.
    private static readonly SearchSpace AnySpace = SearchSpace.Create(new SearchSpaceDefinition { Parameters = { ["any"] = 0 } });

    /// <summary>What is wrong with the space, the method and the included assignments.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="unsound">
    /// Parameters that are missing in the definition because they were found wrong: nobody is blamed for naming them.
    /// </param>
    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition, IReadOnlyList<string> unsound)
    {
        var space = SearchSpace.TryCreate(definition.ToSpaceDefinition(), out var problems);
        IReadOnlyList<DefinitionProblem> ofMethod;
        if (space is null || unsound.Count > 0)
            Samplers.TryCreate(definition.Method, AnySpace, [], definition.Seed, out ofMethod);
        else
            Samplers.TryCreate(definition.Method, space, [.. definition.Include], definition.Seed, out ofMethod);
        return problems.Concat(ofMethod).Where(p => !Names(p, definition, unsound));
    }

    private static bool Names(DefinitionProblem problem, SweepDefinition definition, IReadOnlyList<string> unsound)
    {
        if (unsound.Count == 0)
            return false;
        var quoted = Quoted().Matches(problem.Message).Select(m => m.Groups[1].Value);
        var segments = JsonPointer.Segments(problem.Path).ToArray();
        var inConstraint = segments is ["constraints", var index] && int.TryParse(index, out var i) && i < definition.Constraints.Count
            ? Name().Matches(definition.Constraints[i]).Select(m => m.Value)
            : [];
        return quoted.Concat(inConstraint).Concat(segments.TakeLast(1))
            .Any(n => unsound.Any(u => n == u || n.StartsWith(u + ".", StringComparison.Ordinal)));
    }

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[\w.]+")]
    private static partial Regex Name();
}
