using System.CommandLine;
using System.Globalization;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Configuration;
using Orchestrator.Exporting;
using Orchestrator.Querying;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>runs [SWEEP]</c>: the runs of a sweep, streamed: there may be millions.</summary>
internal static class RunsVerb
{
    public static Command Create(CliApp app)
    {
        var sweep = CommonOptions.SweepOrExperiment();
        var state = CommonOptions.Words<RunState>("--state", "STATE", $"Only runs in this state: {string.Join(", ", Words.All(typeof(RunState)))} (repeatable)");
        var where = RunSelection.Where();
        var sort = new Option<string?>("--sort")
        {
            Description = "The order: a name as in --where, such as objective, started, metrics.loss; runs without a value come last [default: number]",
            HelpName = "NAME",
        };
        var descending = new Option<bool>("--desc") { Description = "The order reversed" };
        var limit = CommonOptions.Number<int>("--limit", "At most so many [default: all]", 1);
        var group = new Option<bool>("--group") { Description = "A line for each assignment: how many of its seeds completed and failed, and their mean" };
        var json = CommonOptions.Json("the runs");
        var verb = new Command("runs", "List the runs of a sweep") { sweep, where, state, sort, descending, limit, group, json };
        verb.SetAction(async parsed =>
        {
            await using var look = await SweepLook.AtAsync(app, parsed, sweep);
            var (store, found) = (look.Store, look.Sweep);
            if (parsed.GetValue(group))
            {
                if (parsed.GetValue(sort) is not null || parsed.GetValue(descending))
                    throw CliException.Usage("--group lists assignments in the order in which they were made; leave --sort and --desc out. 'best' has them by their mean.");
                return await GroupAsync(app, look, parsed.GetValue(where), parsed.GetValue(state), parsed.GetValue(limit), parsed.GetValue(json));
            }

            var selection = await RunSelection.CreateAsync(store, found, parsed.GetValue(where), parsed.GetValue(sort), parsed.GetValue(descending));
            var runs = RunQueries.QueryAsync(store, found.Id, selection.Filter, selection.Sort, parsed.GetValue(limit), parsed.GetValue(state));
            if (parsed.GetValue(json))
                await JsonOutput.WriteArrayAsync(app.Console, "runs", runs, RunJson.Write);
            else
                await WriteAsync(app.Console, found, runs);
            return ExitCodes.Done;
        });
        HelpWithExamples.Add(
            verb,
            "runs",
            "runs digits-grid --state failed",
            "runs --group",
            "runs --sort objective --desc --limit 10 --json",
            "runs --where \"parameters.hidden >= 128 and metrics.valLoss < 0.3\" --sort metrics.valLoss");
        return verb;
    }

    private static async Task<int> GroupAsync(CliApp app, SweepLook look, string? where, RunState[]? states, int? limit, bool json)
    {
        var selection = await RunSelection.CreateAsync(look.Store, look.Sweep, where);
        var groups = RunGroups.OfAsync(RunQueries.QueryAsync(look.Store, look.Sweep.Id, selection.Filter, states: states));
        if (limit is { } most)
            groups = groups.Take(most);
        if (json)
            await JsonOutput.WriteArrayAsync(app.Console, "assignments", groups, AssignmentJson.Write);
        else if (!await AssignmentTable.WriteAsync(app.Console, look.Sweep, groups))
            app.Console.Error.WriteLine($"No run of {look.Sweep.Id} matches.");
        return ExitCodes.Done;
    }

    private static async Task WriteAsync(CliConsole console, SweepRecord sweep, IAsyncEnumerable<RunRecord> runs)
    {
        var constants = ParameterSplit.Constants(sweep.Definition);
        var held = sweep.Kind == ExperimentKind.Experiment;
        var table = new TextTable(
            console,
            held ? new("run") : new("run", IsNumber: true), new("state"), new(sweep.Metric.Name is { Length: > 0 } metric ? metric : "objective", IsNumber: true), new("duration", IsNumber: true), new("seed", IsNumber: true), new("parameters"));
        var any = false;
        await foreach (var run in runs)
        {
            any = true;
            var detail = Human.Parameters(run.Parameters.Where(p => !constants.Contains(p.Key)));
            table.Add(
                held ? run.Id : Human.Run(run.Number),
                Human.Word(run.State),
                Human.Number(run.Objective),
                Human.Duration(run.DurationSeconds),
                run.Seed.ToString(CultureInfo.InvariantCulture),
                run.Failure is { } failure ? $"{detail}  ({Human.Failure(failure)})" : detail);
        }

        if (any)
            table.End();
        else
            console.Error.WriteLine($"No run of {sweep.Id} matches.");
    }
}
