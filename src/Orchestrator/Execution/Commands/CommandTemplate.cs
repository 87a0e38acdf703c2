using System.Globalization;
using System.Text;

namespace Orchestrator.Execution.Commands;

/// <summary>
/// A command's arguments with names in them: <c>${learningRate}</c>, <c>${runDir}</c>, <c>${seed}</c>, <c>${device}</c>, <c>${sweepDir}</c> (the
/// sweep file's folder), and <c>${args}</c>, which becomes one argument <c>--name=value</c> for each parameter. <c>$${</c> stands for <c>${</c>. A parameter of one of those names goes before.
/// </summary>
internal sealed class CommandTemplate
{
    public const string Args = "args";
    public static readonly IReadOnlyList<string> Own = ["runDir", "seed", "device", "sweepDir", Args];

    private readonly Argument[] _arguments;

    private readonly string _sweepFolder;

    private CommandTemplate(Argument[] arguments, string sweepFolder) => (_arguments, _sweepFolder) = (arguments, sweepFolder);

    /// <param name="command">The arguments.</param>
    /// <param name="sweepFile">The sweep file; <see langword="null"/>: none, the current folder stands for its.</param>
    public static CommandTemplate Parse(IEnumerable<string> command, string? sweepFile = null) => new(
        [.. command.Select(Argument.Parse)],
        sweepFile is null ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(sweepFile))!);

    /// <summary>The names in each argument.</summary>
    public IEnumerable<(int Index, string Name, bool IsWhole)> Names =>
        _arguments.Index().SelectMany(a => a.Item.Parts.Where(p => p.IsName).Select(p => (a.Index, p.Text, a.Item.Parts.Count == 1)));

    /// <summary>The first argument, the program; <see langword="null"/>: it depends on the run.</summary>
    public string? Program => _arguments[0].Parts is [{ IsName: false } only] ? only.Text : null;

    /// <summary>The arguments for a run. One that names a parameter which is inactive in this run is left out.</summary>
    public List<string> For(ParameterSet parameters, string runFolder, long seed, string device)
    {
        var result = new List<string>(_arguments.Length + parameters.Count);
        foreach (var argument in _arguments)
        {
            if (argument.Parts is [{ IsName: true, Text: Args }] && !parameters.Contains(Args))
            {
                for (var i = 0; i < parameters.Count; i++)
                    result.Add($"--{parameters[i].Key}={Text(parameters[i].Value)}");
                continue;
            }

            if (argument.Parts.Any(p => p.IsName && !parameters.Contains(p.Text) && !Own.Contains(p.Text)))
                continue;
            var text = new StringBuilder();
            foreach (var part in argument.Parts)
                text.Append(!part.IsName ? part.Text
                    : parameters.TryGetValue(part.Text, out var value) ? Text(value)
                    : part.Text switch
                    {
                        "runDir" => runFolder,
                        "sweepDir" => _sweepFolder,
                        "seed" => seed.ToString(CultureInfo.InvariantCulture),
                        _ => device,
                    });
            result.Add(text.ToString());
        }

        return result;
    }

    // Text as it is; all else as JSON writes it, which other languages read, too.
    private static string Text(ParameterValue value) => value.Kind == ParameterKind.Text ? value.AsText() : ParameterJson.ToJson(value);

    private readonly record struct Part(string Text, bool IsName);

    private sealed record Argument(IReadOnlyList<Part> Parts)
    {
        public static Argument Parse(string text)
        {
            var parts = new List<Part>();
            var literal = new StringBuilder();
            for (var at = 0; at < text.Length;)
            {
                if (text.AsSpan(at).StartsWith("$${"))
                {
                    literal.Append("${");
                    at += 3;
                }
                else if (text.AsSpan(at).StartsWith("${") && text.IndexOf('}', at) is >= 0 and var end)
                {
                    if (literal.Length > 0)
                        parts.Add(new Part(literal.ToString(), false));
                    literal.Clear();
                    parts.Add(new Part(text[(at + 2)..end], true));
                    at = end + 1;
                }
                else
                {
                    literal.Append(text[at++]);
                }
            }

            if (literal.Length > 0 || parts.Count == 0)
                parts.Add(new Part(literal.ToString(), false));
            return new Argument(parts);
        }
    }
}
