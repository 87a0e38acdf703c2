using System.CommandLine;
using Orchestrator.Cli.Executing;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Steering;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>add [SWEEP] --runs N</c>: extends a sweep beyond its <c>limits.maxRuns</c>.</summary>
internal static class AddVerb
{
    public static Command Create(CliApp app)
    {
        var sweep = CommonOptions.Sweep();
        var runs = CommonOptions.Number<long>("--runs", "How many runs are added to limits.maxRuns", 1);
        runs.Required = true;
        var execution = new ExecutionOptions();
        var verb = new Command("add", "Add runs to a sweep that has limits.maxRuns") { sweep, runs };
        execution.AddTo(verb);
        HelpWithExamples.Explain(verb, SweepSteering.WhoExecutes);
        verb.SetAction(async parsed =>
        {
            await using var session = ExecutionSession.Create(app, parsed, execution.Dashboard(parsed));
            var found = await new StoredSweeps(session.Services).FindAsync(parsed.GetValue(sweep), ExperimentKind.Sweep);
            var more = new SweepSettings { MoreRuns = parsed.GetValue(runs) };
            return await SweepSteering.RunAndExecuteAsync(
                app, session, found, (client, id, token) => client.SetAsync(id, more, token), execution, parsed);
        });
        HelpWithExamples.Add(verb, "add --runs 20", "add digits-random --runs 100 --workers 4 --json");
        return verb;
    }
}
