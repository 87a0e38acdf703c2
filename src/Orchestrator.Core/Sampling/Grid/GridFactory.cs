using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling.Grid;

/// <summary>Checks that a space can be walked as a grid, and makes the sampler.</summary>
internal static class GridFactory
{
    public static ISampler? TryCreate(SamplerRequest request)
    {
        var problems = request.Problems;
        foreach (var parameter in request.Space.Parameters)
        {
            if (parameter.Domain.Size is null)
            {
                problems.Error("SWP170", parameter.Path, parameter.Definition is NormalLaw
                    ? $"'{parameter.Name}' follows a normal law, which a grid cannot walk: list values, or use another method."
                    : $"'{parameter.Name}' is a continuous range: a grid needs points or step.");
            }
            else if (parameter.Definition is Choice { Weights: not null })
            {
                problems.Warning("SWP172", parameter.Path + "/weights", "Weights have no effect in a grid.");
            }
        }

        return problems.HasErrors ? null : Build(request);
    }

    private static GridSampler? Build(SamplerRequest request)
    {
        GridIndex? index;
        try
        {
            index = GridIndexBuilder.TryBuild(request.Space);
        }
        catch (OverflowException)
        {
            request.Problems.Error("SWP171", "/parameters", "The grid has more than 2^128 points; use another method, such as 'random'.");
            return null;
        }

        if (index is null)
        {
            request.Problems.Error("SWP173", "/parameters",
                "The conditions depend on each other too much for a grid to be counted; use another method, such as 'random'.");
            return null;
        }

        ParameterSet[] extras = [.. request.Includes.Where(i => !request.Space.IsValid(i.Complete!)).Select(i => i.Complete!)];
        if (index.Count == 0 && extras.Length == 0)
            request.Problems.Error("SWP175", "/parameters",
                "Constraints and exclusions leave no point of the grid; loosen them, or add values.");
        // What ties together too much to be counted would be asked point by point, for a minute, to say that there is none.
        if (extras.Length == 0 && index.Unresolved.OfType<ConstraintPredicate>().FirstOrDefault(c => c.NeverHolds(request.Space)) is { } never)
            request.Problems.Error("SWP175", never.Path, "No point of the grid satisfies this constraint; loosen it, or add values.");
        return new GridSampler(request.Space, index, extras);
    }
}
