using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Cli.Settings;
using Orchestrator.Tracking;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>logs RUN [-f]</c>: what a run logged, and what it goes on to log.</summary>
internal static class LogsVerb
{
    /// <summary>How often a followed file is looked at; a watch on it would miss changes on network folders.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>How often the store is asked whether the run has ended.</summary>
    private const int LooksPerQuestion = 3;

    public static Command Create(CliApp app)
    {
        var run = CommonOptions.Run();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the run has ended" };
        var verb = new Command("logs", "Print what a run logged") { run, follow };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = AppServices.ForLooks(app, parsed);
            var stored = new StoredSweeps(services);
            var (_, found) = await stored.FindRunAsync(parsed.GetRequiredValue(run));
            await using var tail = new FileTail(Path.Combine(stored.Home.Path, found.Directory, RunLog.FileName), app.Console);
            if (parsed.GetValue(follow))
                await FollowAsync(app, stored, found, tail, services.GetRequiredService<TimeProvider>(), cancellationToken);
            else
                await tail.CopyAsync(cancellationToken);
            if (!tail.Exists)
                app.Console.Error.WriteLine($"Run {found.Id} ({Human.Word(found.State)}) has logged nothing.");
            await WriteFailuresAsync(stored, found, tail);
            return ExitCodes.Done;
        });
        HelpWithExamples.Explain(
            verb,
            "This is the run's run.log, and below it the failures of attempts that logged nothing: those are in the database alone.");
        HelpWithExamples.Add(verb, "logs 12", "logs 20261121-093015-k7wq/000012 -f");
        return verb;
    }

    /// <summary>The failures of attempts that logged nothing stand in no file; they are printed as the log would have them.</summary>
    private static async Task WriteFailuresAsync(StoredSweeps stored, RunRecord run, FileTail tail)
    {
        var attempts = await (await stored.StoreAsync()).AttemptsAsync(run.Sweep, run.Number);
        foreach (var attempt in attempts.Where(a => a.Failure is { LogTail: null }))
            await tail.WriteAsync(RunLogLine.Failure(attempt.Failure!, attempt.Number, attempt.EndedAt ?? attempt.StartedAt) + "\n");
    }

    private static async Task FollowAsync(
        CliApp app, StoredSweeps stored, RunRecord run, FileTail tail, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        for (var look = 0; ; look++)
        {
            var mayEnd = look % LooksPerQuestion == 0;
            var why = mayEnd ? await WhyOverAsync(stored, run) : null;

            // Read after asking: what the run wrote before its end is all there.
            await tail.CopyAsync(cancellationToken);
            if (why is { Length: > 0 })
                app.Console.Error.WriteLine(why);
            if (why is not null)
                return;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Why there is nothing more to come; empty if that needs no words, <see langword="null"/> if there is.</summary>
    private static async Task<string?> WhyOverAsync(StoredSweeps stored, RunRecord run)
    {
        var (sweep, now) = await stored.FindRunAsync(run.Id);
        if (RunStateMachine.IsFinal(now.State))
            return "";
        return sweep.State is SweepState.Running or SweepState.Paused or SweepState.Queued
            ? null
            : $"Run {run.Id} is {Human.Word(now.State)}, but nobody executes its sweep ({Human.Word(sweep.State)}).";
    }
}
