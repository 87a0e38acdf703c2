using System.CommandLine;
using System.Text.Json;
using Orchestrator.Cli.Failing;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>failures [SWEEP]</c>: what went wrong, how often, and what the failing runs have in common.</summary>
internal static class FailuresVerb
{
    private const int DefaultLimit = 10;

    public static Command Create(CliApp app)
    {
        var sweep = CommonOptions.SweepOrExperiment();
        var limit = CommonOptions.Number<int>("--limit", $"How many kinds of failure are shown [default: {DefaultLimit}]", 1);
        var json = CommonOptions.Json("the groups");
        var verb = new Command("failures", "Group the failed runs by what went wrong, and show what they have in common") { sweep, limit, json };
        verb.SetAction(async parsed =>
        {
            await using var look = await SweepLook.AtAsync(app, parsed, sweep);
            var found = look.Sweep;
            var report = await FailureReport.ReadAsync(look.Store, found.Id);
            FailedGroup[] shown = [.. report.Groups.Take(parsed.GetValue(limit) ?? DefaultLimit)];
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(app.Console, writer => Write(writer, found, shown, report));
                return ExitCodes.Done;
            }

            if (report.Groups.Count == 0)
                app.Console.Error.WriteLine($"No run of {found.Id} has failed: {Human.Counts(found.Counts)}.");
            else
                FailureText.Write(app.Console.Out, found, shown, report);
            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "failures", "failures digits-grid --limit 3 --json");
        return verb;
    }

    private static void Write(Utf8JsonWriter writer, SweepRecord sweep, FailedGroup[] shown, FailureReport report)
    {
        writer.WriteString("sweep", sweep.Id);
        writer.WriteNumber("kinds", report.Groups.Count);
        writer.WriteStartArray("failures");
        foreach (var group in shown)
        {
            writer.WriteStartObject();
            writer.WriteString("fingerprint", group.Fingerprint);
            writer.WriteNumber("count", group.Count);
            writer.WriteString("kind", Human.Word(group.First.Kind));
            writer.WriteString("type", group.First.Type);
            writer.WriteString("message", group.First.Message);
            writer.WriteString("run", group.Run);
            writer.Moment("firstAt", group.FirstAt);
            writer.Moment("lastAt", group.LastAt);
            writer.WriteStartArray("inCommon");
            foreach (var cause in group.Common)
                Write(writer, cause);
            writer.WriteEndArray();
            writer.WriteString("retry", RetryCommand.For(group, sweep));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, CommonCause cause)
    {
        writer.WriteStartObject();
        writer.WriteString("parameter", cause.Parameter);
        writer.WriteString("condition", cause.Condition);
        writer.WriteNumber("failed", cause.Failed);
        writer.WriteNumber("failedOf", cause.FailedOf);
        writer.WriteNumber("succeeded", cause.Succeeded);
        writer.WriteNumber("succeededOf", cause.SucceededOf);
        writer.WriteNumber("lift", cause.Lift);
        writer.WriteEndObject();
    }
}
