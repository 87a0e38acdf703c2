using Orchestrator.Execution.Commands;

namespace Orchestrator.Configuration;

/// <summary>Whether values can be read as 'reports' says.</summary>
internal static class ReportRules
{
    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition, bool hasDelegate)
    {
        if (definition.Reports.Pattern is not { } pattern)
            yield break;
        if (definition.Command.Count == 0 && (hasDelegate || definition.Trainable is not null))
            yield return new DefinitionProblem(SweepErrorCodes.Contradiction, "/reports",
                "'reports' says how the lines of a 'command' are read; a trainable reports by itself. Leave it out.");
        if (Problem(pattern) is { } problem)
            yield return new DefinitionProblem(SweepErrorCodes.BadPattern, "/reports/pattern", $"The pattern {ScalarNode.Clip(pattern)} {problem}.");
    }

    private static string? Problem(string pattern)
    {
        try
        {
            ReportPattern.Parse(pattern);
            return null;
        }
        catch (ArgumentException cause)
        {
            return cause.Message.TrimEnd('.');
        }
    }
}
