using System.Globalization;
using Orchestrator.Execution.Commands;
using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>Whether a command names what there is, and its program is there.</summary>
internal static class CommandRules
{
    private const string Literally = " Write '$${' for a '${' that is meant as it is.";

    /// <param name="definition">The definition.</param>
    /// <param name="origin">What relative paths belong to; <see langword="null"/>: not known, the current folder stands for it.</param>
    /// <param name="unsound">Parameters that are declared, but were found wrong already.</param>
    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition, SweepOrigin? origin, IReadOnlyList<string> unsound)
    {
        if (string.IsNullOrWhiteSpace(definition.Command[0]))
        {
            yield return new DefinitionProblem(SweepErrorCodes.NoProgram, PathOf(0), "The command's first item, the program, is empty.");
            yield break;
        }

        var template = CommandTemplate.Parse(definition.Command);
        var parameters = new Dictionary<string, Parameter>(StringComparer.Ordinal);
        foreach (var (name, parameter) in LeavesOf(definition.Parameters, ""))
            parameters[name] = parameter;
        foreach (var (index, part, isWhole) in template.Placeholders)
        {
            if (part.Kind != CommandPartKind.Variable && unsound.Any(u => part.Text == u || part.Text.StartsWith(u + ".", StringComparison.Ordinal)))
                continue;
            if (ProblemOf(part, isWhole, parameters) is { } problem)
                yield return problem with { Path = PathOf(index) };
        }

        for (var i = 1; i < definition.Command.Count; i++)
        {
            if (definition.Command[i] is "~" or ['~', '/', ..] || definition.Command[i].Contains("=~/", StringComparison.Ordinal))
                yield return new DefinitionProblem(SweepErrorCodes.ForShellsOnly, PathOf(i),
                    $"No shell reads a command, so the program is given the '~' of {ScalarNode.Clip(definition.Command[i])} as it is; write '${{env:HOME}}' if the home folder is meant.",
                    ProblemSeverity.Warning);
        }

        foreach (var problem in Places(definition, template, parameters, origin))
            yield return problem;
        if (definition.Isolation.Type == RunIsolation.Thread)
            yield return new DefinitionProblem(SweepErrorCodes.Contradiction, "/isolation",
                "A command is a process of its own and cannot be executed on a thread; leave 'isolation: thread' out.");
    }

    /// <summary>The names in a command that can only be parameters.</summary>
    public static IEnumerable<string> ParametersIn(SweepDefinition definition) => CommandTemplate.Parse(definition.Command).Placeholders
        .Where(p => p.Part.Kind == CommandPartKind.Flag || (p.Part.Kind == CommandPartKind.Name && !CommandTemplate.Own.Contains(p.Part.Text)))
        .Select(p => p.Part.Text);

    private static DefinitionProblem? ProblemOf(CommandPart part, bool isWhole, Dictionary<string, Parameter> parameters)
    {
        var isParameter = parameters.TryGetValue(part.Text, out var parameter);
        return part.Kind switch
        {
            CommandPartKind.Variable => Environment.GetEnvironmentVariable(part.Text) is null
                ? Wrong($"The environment has no variable {ScalarNode.Clip(part.Text)} to put in the place of '{part.Written}'; set it before the sweep is started.{Literally}")
                : null,
            CommandPartKind.Flag when !isParameter => Unknown(part, parameters.Keys),
            CommandPartKind.Flag when !isWhole => Wrong($"'{part.Written}' becomes an argument or none, so it must be an argument of its own, with nothing before or after it."),
            CommandPartKind.Flag => parameter is Computed || ValuesOf(parameter!)?.All(v => v.Kind == ParameterKind.Boolean) == true
                ? null
                : Wrong($"'{part.Written}' is for a parameter whose values are true and false, and {ScalarNode.Clip(part.Text)} has others; write '--{part.Text}=${{{part.Text}}}'."),
            _ when isParameter => CommandTemplate.Own.Contains(part.Text)
                ? new DefinitionProblem(SweepErrorCodes.HiddenPlaceholder, "",
                    $"'{part.Written}' is the parameter of that name here, not what it stands for elsewhere; rename the parameter if that is meant.", ProblemSeverity.Warning)
                : null,
            _ when part.Text is CommandTemplate.Args or CommandTemplate.ArgsNoHyphens => isWhole ? null
                : Wrong($"'{part.Written}' becomes several arguments, so it must be an argument of its own, with nothing before or after it."),
            _ => CommandTemplate.Own.Contains(part.Text) ? null : Unknown(part, [.. parameters.Keys, .. CommandTemplate.Own]),
        };
    }

    private static DefinitionProblem Unknown(CommandPart part, IEnumerable<string> names) => Wrong(
        $"There is no parameter {ScalarNode.Clip(part.Text)} to put in the place of '{part.Written}'{Suggestion.Hint(part.Text, names)}{Elsewhere(part.Text)}{Literally}");

    /// <summary>What other tools mean by a name.</summary>
    private static string Elsewhere(string name) => name switch
    {
        "env" => " Write the program itself; '${env:NAME}' is a variable of the environment.",
        "interpreter" or "program" => " Write the interpreter and the program themselves, as in [python3, train.py].",
        _ => "",
    };

    /// <summary>Folders and programs are looked for as far as they are known before any run.</summary>
    private static IEnumerable<DefinitionProblem> Places(
        SweepDefinition definition, CommandTemplate template, Dictionary<string, Parameter> parameters, SweepOrigin? origin)
    {
        var (sweepFolder, folder) = (origin?.SweepFolder, origin?.Folder ?? Environment.CurrentDirectory);
        if (!Directory.Exists(folder))
        {
            yield return Missing(0, $"The folder '{folder}', in which the sweep was started and its commands start, is not there; put it back, or start the sweep anew.");
            yield break;
        }

        var ofSweep = template.Placeholders.FirstOrDefault(p => p.Part is { Kind: CommandPartKind.Name, Text: "sweepDir" });
        if (ofSweep.Part.Text is { } named && !parameters.ContainsKey(named) && sweepFolder is not null && !Directory.Exists(sweepFolder))
        {
            yield return Missing(ofSweep.Index, $"The sweep file's folder '{sweepFolder}' is not there, and '{ofSweep.Part.Written}' stands for it; put it back, or start the sweep anew.");
            yield break;
        }

        foreach (var program in template.Programs(sweepFolder, name => parameters.TryGetValue(name, out var parameter) ? ValuesOf(parameter) : null))
        {
            if (ProgramPath.Problem(program, folder) is { } why)
                yield return Missing(0, $"The program {ScalarNode.Clip(program)} cannot be started: {why}.");
        }
    }

    private static IReadOnlyList<ParameterValue>? ValuesOf(Parameter parameter) => parameter switch
    {
        Choice choice => choice.Values,
        Constant constant => [constant.Value],
        _ => null,
    };

    private static IEnumerable<(string Name, Parameter Parameter)> LeavesOf(ParameterCollection parameters, string prefix) =>
        parameters.SelectMany(p => p.Value is not ParameterGroup group ? [(prefix + p.Key, p.Value)]
            : group.Own is { } own ? [(prefix + p.Key, own), .. LeavesOf(group.Parameters, prefix + p.Key + ".")]
            : LeavesOf(group.Parameters, prefix + p.Key + "."));

    private static DefinitionProblem Wrong(string message) => new(SweepErrorCodes.UnknownPlaceholder, "", message);

    private static DefinitionProblem Missing(int index, string message) => new(SweepErrorCodes.NoProgram, PathOf(index), message);

    private static string PathOf(int index) => string.Create(CultureInfo.InvariantCulture, $"/command/{index}");
}
