using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Cli.Serving;
using Orchestrator.Cli.Settings;
using Orchestrator.Diagnostics;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>doctor</c>: what is available here, what is not and why, and what to do about it.</summary>
internal static class DoctorVerb
{
    public static Command Create(CliApp app)
    {
        var json = CommonOptions.Json("the findings");
        var verb = new Command("doctor", "Check what is available here: disk, database, devices, packages, settings") { json };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = AppSettings.Read(app.Console, parsed.GetValue(CommonOptions.Home));
            var collection = new ServiceCollection();
            AppServices.Register(collection, app, settings);
            collection.AddSingleton<IDoctorCheck, ServeCheck>();
            collection.AddSingleton<IDoctorCheck>(new SettingsCheck(settings));
            await using var services = collection.BuildServiceProvider();
            var report = new List<(string Check, DoctorFinding Finding)>();
            foreach (var check in services.GetServices<IDoctorCheck>())
                report.AddRange((await LookAsync(check, cancellationToken)).Select(f => (check.Name, f)));
            if (parsed.GetValue(json))
                WriteJson(app.Console, report);
            else
                Write(app.Console, report);
            return report.Any(r => r.Finding.Status == DoctorStatus.Error) ? ExitCodes.Internal : ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "doctor", "doctor --home /data/sweeps --json");
        return verb;
    }

    /// <summary>Says what was found, a line each.</summary>
    internal static void Write(CliConsole console, IReadOnlyList<(string Check, DoctorFinding Finding)> report)
    {
        var last = "";
        foreach (var (check, finding) in report)
        {
            console.Out.WriteLine($"{(check == last ? "" : check),-12}{Mark(console, finding.Status)} {Human.Line(finding.Message)}");
            if (finding.Remedy is { } remedy)
                console.Out.WriteLine($"{"",-20}{Human.Line(remedy)}");
            last = check;
        }

        console.Out.WriteLine();
        var (errors, warnings) = (report.Count(r => r.Finding.Status == DoctorStatus.Error), report.Count(r => r.Finding.Status == DoctorStatus.Warning));
        console.Out.WriteLine(errors + warnings == 0 ? "All is well." : $"{Plural(errors, "error")}, {Plural(warnings, "warning")}.");
    }

    private static async Task<IReadOnlyList<DoctorFinding>> LookAsync(IDoctorCheck check, CancellationToken cancellationToken)
    {
        try
        {
            return await check.CheckAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is not OperationCanceledException) // others write checks, too: one that throws hides no other
        {
            return [DoctorFinding.Error($"the check itself failed: {cause.Message} ({cause.GetType().Name})", "Tell whoever wrote it.")];
        }
    }

    private static string Mark(CliConsole console, DoctorStatus status)
    {
        var (word, color) = status switch
        {
            DoctorStatus.Ok => ("ok     ", 32),
            DoctorStatus.Warning => ("warning", 33),
            _ => ("error  ", 31),
        };
        return console.HasColor ? $"\e[{color}m{word}\e[0m" : word;
    }

    private static string Plural(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static void WriteJson(CliConsole console, List<(string Check, DoctorFinding Finding)> report) => JsonOutput.Write(console, writer =>
    {
        writer.WriteStartArray("findings");
        foreach (var (check, finding) in report)
        {
            writer.WriteStartObject();
            writer.WriteString("check", check);
            writer.WriteString("status", Human.Word(finding.Status));
            writer.WriteString("message", finding.Message);
            writer.WriteString("remedy", finding.Remedy);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
