using System.CommandLine;
using Orchestrator.Cli.Parsing;

namespace Orchestrator.Cli.Executing;

/// <summary>The options of the verbs that execute a sweep.</summary>
internal sealed class ExecutionOptions
{
    private readonly Option<int?> _workers = CommonOptions.Workers();
    private readonly Option<bool> _noProgress = CommonOptions.NoProgress();
    private readonly Option<bool> _dashboard = new("--dashboard") { Description = "Show the sweep on a dashboard while it is executed, and print the link" };
    private readonly Option<bool> _json = CommonOptions.Json("the result");

    public void AddTo(Command verb)
    {
        verb.Add(_workers);
        verb.Add(CommonOptions.Gpus);
        verb.Add(_dashboard);
        verb.Add(_noProgress);
        verb.Add(_json);
    }

    public int? Workers(ParseResult parsed) => parsed.GetValue(_workers);

    public bool Dashboard(ParseResult parsed) => parsed.GetValue(_dashboard);

    public bool NoProgress(ParseResult parsed) => parsed.GetValue(_noProgress);

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);
}
