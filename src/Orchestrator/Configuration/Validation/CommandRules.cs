using System.Globalization;
using Orchestrator.Execution.Commands;
using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>Whether a command names what there is, and its program is there.</summary>
internal static class CommandRules
{
    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition)
    {
        if (string.IsNullOrWhiteSpace(definition.Command[0]))
        {
            yield return new DefinitionProblem(SweepErrorCodes.NoProgram, PathOf(0), "The command's first item, the program, is empty.");
            yield break;
        }

        var template = CommandTemplate.Parse(definition.Command);
        string[] parameters = [.. TrainableRules.Leaves(definition.Parameters, "", "/parameters").Select(p => p.Name)];
        foreach (var (index, name, isWhole) in template.Names)
        {
            if (name == CommandTemplate.Args && !isWhole && !parameters.Contains(name))
                yield return new DefinitionProblem(SweepErrorCodes.UnknownPlaceholder, PathOf(index),
                    "'${args}' becomes several arguments, so it must be an argument of its own, with nothing before or after it.");
            else if (!parameters.Contains(name) && !CommandTemplate.Own.Contains(name))
                yield return new DefinitionProblem(SweepErrorCodes.UnknownPlaceholder, PathOf(index),
                    $"There is no parameter {ScalarNode.Clip(name)} to put in the place of '${{{name}}}'"
                    + Suggestion.Hint(name, [.. parameters, .. CommandTemplate.Own]) + " Write '$${' for a '${' that is meant as it is.");
        }

        if (template.Program is { } program && ProgramPath.Find(program) is null)
            yield return new DefinitionProblem(SweepErrorCodes.NoProgram, PathOf(0), program.Contains('/')
                ? $"The program {ScalarNode.Clip(program)} is not there, or may not be executed (looked for '{Path.GetFullPath(program)}')."
                : $"The program {ScalarNode.Clip(program)} is in no folder of PATH.");
        if (definition.Isolation.Type == RunIsolation.Thread)
            yield return new DefinitionProblem(SweepErrorCodes.Contradiction, "/isolation",
                "A command is a process of its own and cannot be executed on a thread; leave 'isolation: thread' out.");
    }

    private static string PathOf(int index) => string.Create(CultureInfo.InvariantCulture, $"/command/{index}");
}
