using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Settings;
using Orchestrator.Configuration;
using Orchestrator.Execution.Devices;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>validate FILE</c>: every mistake in a sweep file, each with its place; nothing is run or stored.</summary>
internal static class ValidateVerb
{
    public static Command Create(CliApp app)
    {
        var file = new SweepFileArguments();
        var json = CommonOptions.Json("the problems");
        var verb = new Command("validate", "Report every mistake in a sweep file, each with its place");
        file.AddTo(verb);
        verb.Add(json);
        verb.SetAction(async parsed =>
        {
            await using var services = AppServices.WithCatalog(app, parsed);
            var read = file.Read(parsed, services.GetRequiredService<ISweepCatalog>());
            if (read.Definition is { } definition)
                read = await WithWarningAsync(read, definition, services.GetRequiredService<RunPools>());
            if (parsed.GetValue(json))
                WriteJson(app, read);
            else
                Write(app, read);
            return read.HasErrors ? ExitCodes.InvalidFile : ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "validate sweeps/grid.json", "validate sweeps/random.yaml --set method=sobol --json");
        return verb;
    }

    /// <summary>A file may be checked on one machine and executed on another: what this one cannot hold is worth knowing, no mistake.</summary>
    private static async Task<SweepFileResult> WithWarningAsync(SweepFileResult read, SweepDefinition definition, RunPools pools)
    {
        var (_, problem) = await pools.FindAsync(definition.Resources, isAsked: false);
        return problem is null ? read : read with { Problems = [.. read.Problems, read.Locate(problem with { Severity = ProblemSeverity.Warning })] };
    }

    private static void Write(CliApp app, SweepFileResult read)
    {
        foreach (var problem in read.Problems)
            app.Console.Out.WriteLine(problem.ToString());
        var errors = read.Problems.Count(p => p.Problem.Severity == ProblemSeverity.Error);
        if (errors == 0)
            app.Console.Out.WriteLine($"{read.File} is valid.");
        else
            app.Console.Error.WriteLine(errors == 1 ? "1 error" : $"{errors} errors");
    }

    private static void WriteJson(CliApp app, SweepFileResult read) =>
        JsonOutput.Write(app.Console, writer =>
        {
            writer.WriteString("file", read.File);
            ErrorJson.Problems(writer, read.Problems);
        });
}
