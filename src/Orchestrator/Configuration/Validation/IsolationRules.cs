namespace Orchestrator.Configuration;

/// <summary>Whether what is to be run can be run where it is to be.</summary>
internal static class IsolationRules
{
    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition, ISweepCatalog catalog, bool hasDelegate)
    {
        var isolation = definition.Isolation;
        if (isolation.Type == RunIsolation.Process && hasDelegate)
            yield return new DefinitionProblem(SweepErrorCodes.NoProcess, "/isolation",
                "A delegate that was given for this one sweep cannot be executed in another process, which knows only what the program "
                + "registers; register a trainable under a name, or use 'isolation: thread'.");
        if (hasDelegate && definition.Command.Count > 0)
            yield return new DefinitionProblem(SweepErrorCodes.Contradiction, "/command",
                "Both a delegate and a command are given; a run executes one of them: leave one out.");
        if (isolation.RecycleAfter is not null && (definition.Command.Count > 0 || !MayBeProcess(definition, catalog)))
            yield return new DefinitionProblem(SweepErrorCodes.Contradiction, "/isolation/recycleAfter",
                "'isolation.recycleAfter' is for trainables in processes; add 'type: process', or leave it out.");
    }

    private static bool MayBeProcess(SweepDefinition definition, ISweepCatalog catalog) => definition switch
    {
        { Isolation.Type: { } said } => said == RunIsolation.Process,
        { Trainable: { Assembly: null } known } => catalog.Trainables.Any(t => t.Name == known.Name && t.Isolation == RunIsolation.Process),
        _ => definition.Trainable is not null, // of an assembly: known only once it is loaded
    };
}
