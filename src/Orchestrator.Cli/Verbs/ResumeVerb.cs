using System.CommandLine;
using Orchestrator.Cli.Executing;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Storage;
using Orchestrator.Sweeps;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>resume [SWEEP]</c>: goes on with a sweep that was stopped or interrupted.</summary>
internal static class ResumeVerb
{
    public static Command Create(CliApp app)
    {
        var sweep = CommonOptions.Sweep("the latest unfinished sweep");
        var execution = new ExecutionOptions();
        var verb = new Command("resume", "Go on with a sweep after a stop or a crash") { sweep };
        execution.AddTo(verb);
        verb.SetAction(parsed => RunAsync(app, parsed.GetValue(sweep), execution, parsed));
        HelpWithExamples.Add(verb, "resume", "resume digits-grid --workers 2");
        return verb;
    }

    private static async Task<int> RunAsync(CliApp app, string? named, ExecutionOptions execution, ParseResult parsed)
    {
        await using var session = ExecutionSession.Create(app, parsed, execution.Dashboard(parsed));
        var stored = new StoredSweeps(session.Services);
        var found = named is not null ? await stored.FindAsync(named, ExperimentKind.Sweep) : await LatestUnfinishedAsync(stored);
        if (found is null)
        {
            app.Console.Error.WriteLine($"Nothing is left to resume: every sweep in '{stored.Home.Path}' is complete.");
            if (execution.Json(parsed))
                JsonOutput.Write(app.Console, writer => writer.WriteNull("sweep"));
            return ExitCodes.Done;
        }

        if (found.State == SweepState.Completed)
            app.Console.Error.WriteLine($"Nothing is left to run: sweep {found.Id} is complete ({found.EndReason}).");
        else
        {
            ResumeNotes.Say(app, found);
            await GpuNotes.SayAsync(app, session.Services, found, execution, parsed);
        }

        return await session.RunAsync(
            new SweepRequest { Resume = found.Id, Workers = execution.Workers(parsed) }, execution.Json(parsed), execution.NoProgress(parsed));
    }

    private static async Task<SweepRecord?> LatestUnfinishedAsync(StoredSweeps stored)
    {
        await foreach (var sweep in stored.ListAsync(new SweepQuery { Unfinished = true, Limit = 1 }))
            return sweep;
        return null;
    }
}
