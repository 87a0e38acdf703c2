using System.CommandLine;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>status [SWEEP]</c>: where a sweep stands.</summary>
internal static class StatusVerb
{
    public static Command Create(CliApp app)
    {
        var sweep = CommonOptions.SweepOrExperiment();
        var json = CommonOptions.Json("the sweep");
        var verb = new Command("status", "Show where a sweep stands") { sweep, json };
        verb.SetAction(async parsed =>
        {
            await using var look = await SweepLook.AtAsync(app, parsed, sweep);
            var found = look.Sweep;
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(app.Console, writer =>
                {
                    writer.WritePropertyName("sweep");
                    SweepJson.Write(writer, found);
                });
            }
            else
            {
                SweepSummary.Write(app.Console.Out, found);
            }

            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "status", "status digits-grid --json");
        return verb;
    }
}
