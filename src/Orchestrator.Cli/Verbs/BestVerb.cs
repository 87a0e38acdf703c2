using System.CommandLine;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>best [SWEEP]</c>: the best run, and the best assignments by their mean over seeds.</summary>
internal static class BestVerb
{
    private const int DefaultCount = 10;

    public static Command Create(CliApp app)
    {
        var sweep = CommonOptions.SweepOrExperiment();
        var limit = CommonOptions.Number<int>("--limit", $"How many assignments are shown [default: {DefaultCount}]", 1);
        var byMean = new Option<bool>("--by-mean") { Description = "Rank by the mean of the completed runs alone; else assignments with failed or pruned seeds come last" };
        var json = CommonOptions.Json("the best run and assignments");
        var verb = new Command("best", "Show the best run and the best assignments") { sweep, limit, byMean, json };
        verb.SetAction(async parsed =>
        {
            await using var look = await SweepLook.AtAsync(app, parsed, sweep);
            var found = look.Sweep;
            if (found.Metric.Name.Length == 0)
                throw CliException.Usage($"The experiment {found.Id} ({found.Name}) has no metric to compare its runs by. Give it one in C# (ExperimentOptions.Metric), or sort: runs {found.Id} --sort metrics.NAME.");
            var best = await look.Store.BestAssignmentsAsync(found.Id, parsed.GetValue(limit) ?? DefaultCount, parsed.GetValue(byMean));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(app.Console, writer =>
                {
                    RunJson.Write(writer, "run", found.Best);
                    SweepJson.Assignments(writer, best);
                });
            }
            else if (found.Best is null)
            {
                app.Console.Error.WriteLine($"No run of {found.Id} has completed: {Human.Counts(found.Counts)}.");
            }
            else
            {
                BestTable.Write(app.Console, found, best);
            }

            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "best", "best digits-grid --limit 3 --json");
        return verb;
    }
}
