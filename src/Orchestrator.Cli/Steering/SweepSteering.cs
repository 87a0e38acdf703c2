using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Executing;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Configuration;
using Orchestrator.Storage;
using Orchestrator.Sweeps;

namespace Orchestrator.Cli.Steering;

/// <summary>What is asked of a sweep; the answer in a sentence.</summary>
/// <exception cref="SteeringException">It cannot be done; the message says why.</exception>
internal delegate Task<string> SteeringAsk(ISweepClient client, string sweep, CancellationToken cancellationToken);

/// <summary>Asks something of a sweep, wherever it is executed, and prints the answer.</summary>
internal static class SweepSteering
{
    /// <summary>What <see cref="RunAndExecuteAsync"/> does, for help.</summary>
    public static string[] WhoExecutes { get; } =
    [
        "If another process executes the sweep, that one runs them, and this one ends at once with 0. Else they, and whatever else is left,",
        "are run here, as by 'resume'.",
    ];

    /// <summary>Whether some process executes the sweep.</summary>
    public static bool IsExecuted(SweepRecord sweep) => sweep.State is SweepState.Running or SweepState.Paused;

    /// <summary>The latest sweep that is being executed.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static async Task<SweepRecord> FindExecutedAsync(StoredSweeps stored)
    {
        SweepRecord? latest = null;
        await foreach (var sweep in stored.ListAsync(new SweepQuery { Unfinished = true }))
        {
            if (IsExecuted(sweep))
                return sweep;
            latest ??= sweep;
        }

        var there = latest is null ? "" : $" The latest unfinished one is {latest.Id} ({Human.Word(latest.State)}).";
        throw CliException.NotFound($"No sweep in '{stored.Home.Path}' is being executed.{there}");
    }

    /// <summary>Asks, prints the answer and the sweep as it is then.</summary>
    public static async Task<int> RunAsync(CliApp app, IServiceProvider services, SweepRecord sweep, SteeringAsk ask, bool json)
    {
        var answer = await AskAsync(app, services, sweep, ask);
        await PrintAsync(app, services, sweep, answer, json);
        return ExitCodes.Done;
    }

    /// <summary>Asks; then executes the sweep in this process, unless another one executes it and does what was asked.</summary>
    public static async Task<int> RunAndExecuteAsync(
        CliApp app, ExecutionSession session, SweepRecord sweep, SteeringAsk ask, ExecutionOptions execution, ParseResult parsed)
    {
        // A sweep that this program could not execute afterwards is not changed before.
        if (!IsExecuted(sweep))
        {
            var definition = StoredDefinition.Read(sweep, session.Services.GetRequiredService<ISweepCatalog>(), code: null);
            ResumeNotes.Say(app, sweep);
            await GpuNotes.SayAsync(app, session.Services, definition.Resources, execution, parsed);
        }

        var answer = await AskAsync(app, session.Services, sweep, ask);
        if (IsExecuted(await new StoredSweeps(session.Services).FindAsync(sweep.Id)))
        {
            app.Console.Error.WriteLine($"Another process executes {sweep.Id}: nothing is executed here.");
            await PrintAsync(app, session.Services, sweep, answer, execution.Json(parsed));
            return ExitCodes.Done;
        }

        app.Console.Error.WriteLine(answer);
        return await session.RunAsync(
            new SweepRequest { Resume = sweep.Id, Workers = execution.Workers(parsed) }, execution.Json(parsed), execution.NoProgress(parsed));
    }

    /// <summary>Prints what came of a request: a line, or the document of the sweep as it is now with the answer.</summary>
    public static async Task PrintAsync(CliApp app, IServiceProvider services, SweepRecord sweep, string answer, bool json)
    {
        var now = await new StoredSweeps(services).FindAsync(sweep.Id);
        if (!json)
        {
            app.Console.Out.WriteLine($"{Human.Line(now.Name)}  {now.Id}  {Human.Word(now.State)}: {answer}");
            return;
        }

        JsonOutput.Write(app.Console, writer =>
        {
            writer.WritePropertyName("sweep");
            SweepJson.Write(writer, now);
            writer.WriteString("answer", answer);
        });
    }

    private static async Task<string> AskAsync(CliApp app, IServiceProvider services, SweepRecord sweep, SteeringAsk ask)
    {
        using var wait = new AnswerWait(sweep.Id, app.Console, services.GetRequiredService<TimeProvider>());
        try
        {
            return await ask(services.GetRequiredService<ISweepClient>(), sweep.Id, wait.Token);
        }
        catch (OperationCanceledException) when (wait.Signaled is { } exitCode)
        {
            throw new CliException("interrupted", $"Given up before {sweep.Id} answered; the request was taken back.", exitCode);
        }
        catch (OperationCanceledException) when (wait.Token.IsCancellationRequested)
        {
            throw new CliException(
                "noAnswer",
                $"The process that executes {sweep.Id} did not answer within {AnswerWait.Patience.TotalSeconds:0} s; the request was taken back. "
                + $"If it hangs, end it (Ctrl-C, or kill) and go on with '{ProgramName.Call($"resume {sweep.Id}")}'.",
                ExitCodes.Internal);
        }
    }
}
