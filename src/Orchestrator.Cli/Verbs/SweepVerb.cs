using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Executing;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Settings;
using Orchestrator.Configuration;
using Orchestrator.Sweeps;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>sweep FILE</c>: runs a sweep.</summary>
internal static class SweepVerb
{
    public static Command Create(CliApp app)
    {
        var file = new SweepFileArguments();
        var execution = new ExecutionOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show the plan; the same as the verb plan" };
        var verb = new Command("sweep", "Run a sweep");
        file.AddTo(verb);
        execution.AddTo(verb);
        verb.Add(dryRun);
        verb.SetAction(parsed => parsed.GetValue(dryRun) ? Task.FromResult(Plan(app, file, execution, parsed)) : RunAsync(app, file, execution, parsed));
        HelpWithExamples.Add(
            verb,
            "sweep sweeps/grid.json",
            "sweep sweeps/random.yaml --workers 4 --max-runs 20 --seed 7",
            "sweep sweeps/grid.json --set parameters.epochs=3 --json > result.json");
        return verb;
    }

    private static int Plan(CliApp app, SweepFileArguments file, ExecutionOptions execution, ParseResult parsed)
    {
        using var services = AppServices.WithCatalog(app, parsed);
        return PlanVerb.Show(app, services, file.Read(parsed, services.GetRequiredService<ISweepCatalog>()), first: null, execution.Json(parsed));
    }

    private static async Task<int> RunAsync(CliApp app, SweepFileArguments file, ExecutionOptions execution, ParseResult parsed)
    {
        await using var session = ExecutionSession.Create(app, parsed, execution.Dashboard(parsed));
        var read = file.Read(parsed, session.Services.GetRequiredService<ISweepCatalog>());
        if (read.Definition is not { } definition)
            throw new InvalidSweepFileException(read.Problems);
        foreach (var warning in read.Problems)
            app.Console.Error.WriteLine(warning.ToString());
        await GpuNotes.SayAsync(app, session.Services, definition.Resources, execution, parsed);
        await UnfinishedTwin.SayAsync(app, session.Services, definition);
        return await session.RunAsync(
            new SweepRequest { Definition = definition, File = read.File, Locate = read.Locate, Workers = execution.Workers(parsed) },
            execution.Json(parsed),
            execution.NoProgress(parsed));
    }
}
