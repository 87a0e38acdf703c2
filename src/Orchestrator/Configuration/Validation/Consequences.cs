namespace Orchestrator.Configuration;

/// <summary>Leaves out problems that would only repeat, in other words, what the structure check has said.</summary>
internal static class Consequences
{
    private static readonly string[] WhatEndsASweep = ["/limits", "/metric", "/metrics"];

    /// <summary>The codes of the search space that say that there is no such parameter.</summary>
    private static readonly string[] UnknownParameter = ["SWP120", "SWP140", "SWP151", "SWP180"];

    public static IReadOnlyList<DefinitionProblem> Without(IEnumerable<DefinitionProblem> problems, ProblemCollector structure) =>
        [.. problems.Where(p => !structure.IsInDoubt(p.Path) && !ComesFromOthers(p, structure))];

    // Whether a sweep ends, and whether it executes anything, depends on places other than the one the problem is reported at.
    private static bool ComesFromOthers(DefinitionProblem problem, ProblemCollector structure) => problem.Code switch
    {
        SweepErrorCodes.Endless => WhatEndsASweep.Any(structure.IsInDoubt),
        SweepErrorCodes.NothingToRun => structure.IsInDoubt("/command"),
        _ => UnknownParameter.Contains(problem.Code) && structure.IsWrong("/parameters"),
    };
}
