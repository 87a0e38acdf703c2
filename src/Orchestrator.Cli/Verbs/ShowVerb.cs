using System.CommandLine;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Cli.Settings;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>show RUN</c>: everything about one run.</summary>
internal static class ShowVerb
{
    public static Command Create(CliApp app)
    {
        var run = CommonOptions.Run();
        var json = CommonOptions.Json("the run");
        var verb = new Command("show", "Show everything about one run: parameters, metrics, attempts, failure") { run, json };
        verb.SetAction(async parsed =>
        {
            await using var services = AppServices.ForLooks(app, parsed);
            var stored = new StoredSweeps(services);
            var (sweep, found) = await stored.FindRunAsync(parsed.GetRequiredValue(run));
            var store = await stored.StoreAsync();
            var attempts = await store.AttemptsAsync(sweep.Id, found.Number);
            var checkpoints = await store.CheckpointsAsync(sweep.Id, found.Number);
            var series = await SeriesSummary.ReadAsync(store.SeriesAsync(sweep.Id, found.Number));
            var details = await store.DetailsAsync(sweep.Id, found.Number) ?? new();
            if (!parsed.GetValue(json))
            {
                RunReport.Write(app.Console, sweep, found, attempts, checkpoints, series, details, stored.Home.Path);
                return ExitCodes.Done;
            }

            JsonOutput.Write(app.Console, writer =>
            {
                RunJson.Write(writer, "run", found);
                writer.WriteStartArray("attempts");
                foreach (var attempt in attempts)
                    RunJson.Attempt(writer, attempt);
                writer.WriteEndArray();
                RunJson.Checkpoints(writer, checkpoints);
                RunJson.TrackerLosses(writer, found.TrackerLosses);
                SeriesSummary.WriteJson(writer, series);
                RunDetailsJson.Write(writer, details);
                writer.WriteString("project", found.Project);
                writer.WriteString("identity", sweep.Identity);
                writer.WritePropertyName("definition");
                writer.WriteRawValue(sweep.Definition);
            });
            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "show 12", "show 20261121-093015-k7wq/000012 --json");
        return verb;
    }
}
