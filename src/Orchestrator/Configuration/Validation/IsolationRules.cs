namespace Orchestrator.Configuration;

/// <summary>Whether what is to be run can be run where it is to be.</summary>
internal static class IsolationRules
{
    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition, bool hasDelegate)
    {
        var isolation = definition.Isolation;
        if (isolation.Type == RunIsolation.Process && hasDelegate)
            yield return new DefinitionProblem(SweepErrorCodes.NoProcess, "/isolation",
                "A delegate that was given for this one sweep cannot be executed in another process, which knows only what the program "
                + "registers; register a trainable under a name, or use 'isolation: thread'.");
        if (hasDelegate && definition.Command.Count > 0)
            yield return new DefinitionProblem(SweepErrorCodes.Contradiction, "/command",
                "Both a delegate and a command are given; a run executes one of them: leave one out.");
        if (isolation.RecycleAfter is not null && (isolation.Type != RunIsolation.Process || definition.Command.Count > 0))
            yield return new DefinitionProblem(SweepErrorCodes.Contradiction, "/isolation/recycleAfter",
                "'isolation.recycleAfter' is for trainables in processes; add 'type: process', or leave it out.");
    }
}
