using System.CommandLine;
using System.Globalization;
using Orchestrator.Configuration;
using Orchestrator.Text;

namespace Orchestrator.Cli.Parsing;

/// <summary>A sweep file and the changes to it that the command line makes, for the verbs that read one.</summary>
internal sealed class SweepFileArguments
{
    private readonly Argument<string> _file = CommonOptions.File();
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Change the file before it is read: a path into it and a value in YAML, as in limits.maxRuns=10 (repeatable)",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<long?> _maxRuns = CommonOptions.Number<long>("--max-runs", "How many runs there are in all; the same as --set limits.maxRuns=N");
    private readonly Option<long?> _seed = CommonOptions.Number<long>("--seed", "The sweep's seed; the same as --set seed=N");

    public void AddTo(Command verb)
    {
        verb.Add(_file);
        verb.Add(_set);
        verb.Add(_maxRuns);
        verb.Add(_seed);
    }

    /// <summary>The file as it was named.</summary>
    public string File(ParseResult parsed) => UserPath.Expand(parsed.GetRequiredValue(_file));

    /// <summary>What the file says, after the changes.</summary>
    public SweepFileResult Read(ParseResult parsed, ISweepCatalog catalog) => SweepFileReader.ReadFile(File(parsed), catalog, Sets(parsed));

    /// <summary>The changes that the command line makes, as <c>path=value</c>.</summary>
    public IReadOnlyList<string> Sets(ParseResult parsed)
    {
        var sets = new List<string>(parsed.GetValue(_set) ?? []);
        if (parsed.GetValue(_maxRuns) is { } maxRuns)
            sets.Add(string.Create(CultureInfo.InvariantCulture, $"limits.maxRuns={maxRuns}"));
        if (parsed.GetValue(_seed) is { } seed)
            sets.Add(string.Create(CultureInfo.InvariantCulture, $"seed={seed}"));
        return sets;
    }
}
