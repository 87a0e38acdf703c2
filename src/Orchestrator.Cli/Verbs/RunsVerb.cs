using System.CommandLine;
using System.Globalization;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Cli.Settings;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>runs [SWEEP]</c>: the runs of a sweep, streamed: there may be millions.</summary>
internal static class RunsVerb
{
    private static readonly Dictionary<string, RunState> States = Enum.GetValues<RunState>().ToDictionary(Human.Word);
    private static readonly Dictionary<string, RunOrder> Orders = Enum.GetValues<RunOrder>().ToDictionary(Human.Word);

    public static Command Create(CliApp app)
    {
        var sweep = CommonOptions.Sweep();
        var state = CommonOptions.Words("--state", "STATE", $"Only runs in this state: {string.Join(", ", States.Keys)} (repeatable)", States);
        var sort = CommonOptions.Word("--sort", "The order; runs without a value come last [default: number]", Orders);
        var descending = new Option<bool>("--desc") { Description = "The order reversed" };
        var limit = CommonOptions.Number<int>("--limit", "At most so many [default: all]", 1);
        var json = CommonOptions.Json("the runs");
        var verb = new Command("runs", "List the runs of a sweep") { sweep, state, sort, descending, limit, json };
        verb.SetAction(async parsed =>
        {
            await using var services = AppServices.ForLooks(app, parsed);
            var stored = new StoredSweeps(services);
            var found = await stored.FindAsync(parsed.GetValue(sweep));
            var runs = (await stored.StoreAsync()).QueryRunsAsync(new RunQuery
            {
                Sweep = found.Id,
                States = parsed.GetValue(state) ?? [],
                Order = parsed.GetValue(sort) ?? RunOrder.Number,
                Descending = parsed.GetValue(descending),
                Limit = parsed.GetValue(limit),
            });
            if (parsed.GetValue(json))
                await JsonOutput.WriteArrayAsync(app.Console, "runs", runs, RunJson.Write);
            else
                await WriteAsync(app.Console, found, runs);
            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "runs", "runs digits-grid --state failed", "runs --sort objective --desc --limit 10 --json");
        return verb;
    }

    private static async Task WriteAsync(CliConsole console, SweepRecord sweep, IAsyncEnumerable<RunRecord> runs)
    {
        var constants = ParameterSplit.Constants(sweep.Definition);
        var table = new TextTable(
            console,
            new("run", IsNumber: true), new("state"), new(sweep.Metric.Name, IsNumber: true), new("duration", IsNumber: true), new("seed", IsNumber: true), new("parameters"));
        var any = false;
        await foreach (var run in runs)
        {
            any = true;
            var detail = Human.Parameters(run.Parameters.Where(p => !constants.Contains(p.Key)));
            table.Add(
                Human.Run(run.Number),
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
