using System.CommandLine;
using Orchestrator.Cli.Executing;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Cli.Steering;
using Orchestrator.Storage;
using Orchestrator.Text;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>retry [SWEEP] [--failed | --run R | --fingerprint F]</c>: runs what failed again.</summary>
internal static class RetryVerb
{
    private const int MostFingerprints = 1000;

    public static Command Create(CliApp app)
    {
        var sweep = CommonOptions.Sweep();
        var failed = new Option<bool>("--failed") { Description = "Every failed run [default]" };
        var run = new Option<string[]>("--run")
        {
            Description = "Only this run, by its number or its id (repeatable)",
            HelpName = "RUN",
            DefaultValueFactory = _ => [],
        };
        var fingerprint = new Option<string?>("--fingerprint") { Description = "Only the runs whose failure has this fingerprint", HelpName = "F" };
        var execution = new ExecutionOptions();
        var verb = new Command("retry", "Run failed runs again") { sweep, failed, run, fingerprint };
        execution.AddTo(verb);
        HelpWithExamples.Explain(verb, SweepSteering.WhoExecutes);
        verb.SetAction(async parsed =>
        {
            var (runs, print) = (parsed.GetValue(run) ?? [], parsed.GetValue(fingerprint));
            if ((parsed.GetValue(failed) ? 1 : 0) + (runs.Length > 0 ? 1 : 0) + (print is null ? 0 : 1) > 1)
                throw CliException.Usage("'retry' takes --failed, --run or --fingerprint, one of them.");

            await using var session = ExecutionSession.Create(app, parsed, execution.Dashboard(parsed));
            var stored = new StoredSweeps(session.Services);
            var found = await stored.FindAsync(parsed.GetValue(sweep), ExperimentKind.Sweep);
            var selection = runs.Length > 0 ? new RetrySelection { Runs = await NumbersAsync(stored, found, runs) }
                : print is null ? RetrySelection.AllFailed
                : new RetrySelection { Fingerprint = print };
            if (found.Counts.Failed == 0)
            {
                await SweepSteering.PrintAsync(app, session.Services, found, "No run has failed; nothing is tried again.", execution.Json(parsed));
                return ExitCodes.Done;
            }

            if (print is not null)
                await CheckAsync(stored, found, print);
            return await SweepSteering.RunAndExecuteAsync(
                app, session, found, (client, id, token) => client.RetryAsync(id, selection, token), execution, parsed);
        });
        HelpWithExamples.Add(
            verb, "retry", "retry digits-grid --failed --workers 2", "retry digits-grid --run 12 --run 17", "retry digits-grid --fingerprint 3f2a9c0d41be");
        return verb;
    }

    /// <summary>The numbers of failed runs of the sweep.</summary>
    /// <exception cref="CliException">One does not exist, is another sweep's, or has not failed: nothing is asked.</exception>
    private static async Task<IReadOnlyList<long>> NumbersAsync(StoredSweeps stored, SweepRecord sweep, string[] named)
    {
        var numbers = new List<long>();
        foreach (var name in named)
        {
            var (its, run) = await stored.FindRunAsync(name.Contains('/', StringComparison.Ordinal) ? name : $"{sweep.Id}/{name}");
            if (its.Id != sweep.Id)
                throw CliException.Usage($"The run {run.Id} is none of the sweep {sweep.Id}.");
            if (run.State != RunState.Failed)
                throw new CliException("refused", $"The run {run.Id} is {Human.Word(run.State)}: only failed runs are tried again.");
            numbers.Add(run.Number);
        }

        return numbers;
    }

    /// <exception cref="CliException">No failed run has the fingerprint; the message says which there are.</exception>
    private static async Task CheckAsync(StoredSweeps stored, SweepRecord sweep, string fingerprint)
    {
        var others = new HashSet<string>(StringComparer.Ordinal);
        var failed = new RunQuery { Sweep = sweep.Id, States = [RunState.Failed] };
        await foreach (var run in (await stored.StoreAsync()).QueryRunsAsync(failed))
        {
            if (run.Failure?.Fingerprint == fingerprint)
                return;
            if (run.Failure is { } failure && others.Count < MostFingerprints)
                others.Add(failure.Fingerprint);
        }

        throw CliException.NotFound($"No failed run of {sweep.Id} has the fingerprint '{fingerprint}'{Suggestion.Hint(fingerprint, others)}");
    }
}
