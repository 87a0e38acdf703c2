using System.Globalization;
using System.Text;

namespace Orchestrator.Execution.Commands;

/// <summary>
/// A command's arguments with names in them: <c>${learningRate}</c>, <c>${runDir}</c>, <c>${seed}</c>, <c>${device}</c>, <c>${sweepDir}</c> (the
/// sweep file's folder), <c>${env:NAME}</c>; and arguments of their own: <c>${args}</c>, which becomes one argument <c>--name=value</c> for each
/// parameter, <c>${args_no_hyphens}</c>, the same as <c>name=value</c>, and <c>${flag:name}</c>, which is <c>--name</c> while a boolean parameter is
/// true and nothing else. <c>$${</c> stands for <c>${</c>. A parameter of one of those names goes before.
/// </summary>
internal sealed class CommandTemplate
{
    public const string Args = "args";
    public const string ArgsNoHyphens = "args_no_hyphens";
    private const string SweepFolder = "sweepDir";
    private const int MostPrograms = 64;

    public static readonly IReadOnlyList<string> Own = ["runDir", "seed", "device", SweepFolder, Args, ArgsNoHyphens];

    private readonly CommandArgument[] _arguments;

    private CommandTemplate(CommandArgument[] arguments) => _arguments = arguments;

    /// <param name="command">The arguments.</param>
    public static CommandTemplate Parse(IEnumerable<string> command) => new([.. command.Select(CommandArgument.Parse)]);

    /// <summary>The placeholders in each argument, and whether one is the whole argument.</summary>
    public IEnumerable<(int Index, CommandPart Part, bool IsWhole)> Placeholders =>
        _arguments.Index().SelectMany(a => a.Item.Parts.Where(p => p.Kind != CommandPartKind.Literal).Select(p => (a.Index, p, a.Item.Parts.Count == 1)));

    /// <summary>What the first argument, the program, may be; empty where it depends on what only a run knows.</summary>
    /// <param name="sweepFolder">The sweep file's folder; <see langword="null"/>: not known.</param>
    /// <param name="valuesOf">The values that a parameter may have; <see langword="null"/>: it is none, or they are not listed.</param>
    public IReadOnlyList<string> Programs(string? sweepFolder, Func<string, IReadOnlyList<ParameterValue>?> valuesOf)
    {
        IReadOnlyList<string> programs = [""];
        foreach (var part in _arguments[0].Parts)
        {
            IReadOnlyList<string>? texts = part.Kind switch
            {
                CommandPartKind.Literal => [part.Text],
                CommandPartKind.Variable => Environment.GetEnvironmentVariable(part.Text) is { } value ? [value] : null,
                CommandPartKind.Name when valuesOf(part.Text) is { } values => [.. values.Select(Text)],
                CommandPartKind.Name when part.Text == SweepFolder && sweepFolder is not null => [sweepFolder],
                _ => null,
            };
            if (texts is null || texts.Count * programs.Count > MostPrograms)
                return [];
            programs = [.. programs.SelectMany(p => texts.Select(t => p + t))];
        }

        return programs;
    }

    /// <summary>
    /// The arguments for a run. One that names a parameter which is inactive in this run is left out, and with it the option before it whose
    /// value it is.
    /// </summary>
    public List<string> For(ParameterSet parameters, string runFolder, string sweepFolder, long seed, string device)
    {
        var result = new List<string>(_arguments.Length + parameters.Count);
        for (var at = 0; at < _arguments.Length; at++)
        {
            var argument = _arguments[at];
            if (argument.Parts is [var only] && IsList(only, parameters))
                AddAll(result, parameters, only.Text == Args ? "--" : "");
            else if (argument.Parts is [{ Kind: CommandPartKind.Flag } flag])
                AddFlag(result, parameters, flag.Text);
            else if (argument.Parts.All(p => IsThere(p, parameters)))
                result.Add(string.Concat(argument.Parts.Select(Value)));
            else if (at > 0 && _arguments[at - 1].IsOption && !argument.NamesItself)
                result.RemoveAt(result.Count - 1);
        }

        return result;

        string Value(CommandPart part) => part.Kind switch
        {
            CommandPartKind.Literal => part.Text,
            CommandPartKind.Variable => Environment.GetEnvironmentVariable(part.Text) ?? "",
            _ when parameters.TryGetValue(part.Text, out var value) => Text(value),
            _ => part.Text switch
            {
                "runDir" => runFolder,
                SweepFolder => sweepFolder,
                "seed" => seed.ToString(CultureInfo.InvariantCulture),
                _ => device,
            },
        };
    }

    private static bool IsList(CommandPart part, ParameterSet parameters) =>
        part is { Kind: CommandPartKind.Name, Text: Args or ArgsNoHyphens } && !parameters.Contains(part.Text);

    private static bool IsThere(CommandPart part, ParameterSet parameters) =>
        part.Kind != CommandPartKind.Name || parameters.Contains(part.Text) || Own.Contains(part.Text);

    private static void AddAll(List<string> result, ParameterSet parameters, string hyphens)
    {
        for (var i = 0; i < parameters.Count; i++)
            result.Add($"{hyphens}{parameters[i].Key}={Text(parameters[i].Value)}");
    }

    private static void AddFlag(List<string> result, ParameterSet parameters, string name)
    {
        if (parameters.TryGetValue(name, out var value) && value.Kind == ParameterKind.Boolean && value.AsBoolean())
            result.Add("--" + name);
    }

    /// <summary>
    /// Text as it is; all else as JSON writes it, which other languages read, too. The exponent has a small letter: readers of YAML 1.1 and
    /// patterns in many programs take no other.
    /// </summary>
    private static string Text(ParameterValue value) => value.Kind == ParameterKind.Text ? value.AsText() : Json(value);

    private static string Json(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Float => ParameterJson.ToJson(value).Replace('E', 'e'),
        ParameterKind.List => $"[{string.Join(',', value.Items.Select(Json))}]",
        ParameterKind.Map => $"{{{string.Join(',', value.Entries.Select(e => $"{ParameterJson.ToJson(e.Key)}:{Json(e.Value)}"))}}}",
        _ => ParameterJson.ToJson(value),
    };
}
