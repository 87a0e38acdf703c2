using System.Globalization;
using Orchestrator.Configuration;
using Orchestrator.Diagnostics;
using Orchestrator.Execution.Processes;
using Orchestrator.Experiments.Checkpoints;

namespace Orchestrator.Execution.Commands;

/// <summary>Executes a sweep's runs as an external program, each in a session of its own.</summary>
internal sealed class CommandPlace(
    IProcessHost host, MemoryWatch memory, SystemKills kills, CommandTemplate command, SweepOrigin origin, ReportPattern? reports = null) : IRunPlace
{
    public RunEnding Execute(RunTicket ticket, RunGrant grant, RunAttempt attempt, Action<RunAttempt> giveUp)
    {
        var info = attempt.Info;
        string folder, checkpoints;
        DateTimeOffset? savedAt;
        try
        {
            folder = info.Folder.Ensure();
            (checkpoints, savedAt) = CheckpointFolders.PrepareForProgram(folder, info.Attempt);
        }
        catch (IOException cause) when (OpenFiles.RanOut(cause))
        {
            throw new IOException($"{cause.Message}. {OpenFiles.Remedy}", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return new RunEnding(FailureCapture.FromException(cause)); // a full disk is this run's end, not the sweep's
        }

        if (savedAt is { } saved)
            attempt.GoOn(CheckpointFolders.OfAttempt(info.Attempt), saved);
        var arguments = command.For(info.Parameters, folder, origin.SweepFolder, info.Seed, grant.DeviceInOwnProcess);
        var what = $"'{Path.GetFileName(arguments[0])}'";
        var before = kills.Mark();
        try
        {
            var (process, said) = Run(arguments, EnvironmentOf(info, grant, folder, checkpoints), ticket, attempt);
            var (end, killed) = (process.End!.Value, process.WasKilled);
            if (end is { Way: ProcessEndWay.Exited, Code: 0 })
                return new RunEnding(null, WasKilled: killed, WasAsked: process.WasAsked);
            if (end.Way == ProcessEndWay.NotStarted && ProgramPath.Problem(arguments[0], origin.Folder) is { } why)
                return new RunEnding(FailureCapture.FromRule(FailureKind.Exit, $"{what} could not be started: {why}."));
            var failure = ProcessFailures.Of(end, what, process, ticket, () => kills.Explain(before));
            return new RunEnding(ProcessFailures.Explain(failure, said.Words, attempt, quotes: true), WasKilled: killed);
        }
        finally
        {
            if (RemoveIfEmpty(checkpoints))
                RemoveIfEmpty(Path.GetDirectoryName(checkpoints)!);
        }
    }

    private (RunProcess Process, CommandOutput Said) Run(
        List<string> arguments, Dictionary<string, string?> environment, RunTicket ticket, RunAttempt attempt)
    {
        var started = host.StartCommand(arguments, environment, origin.Folder);
        var process = started.Process;
        using var output = new OutputLines(started.Output);
        using var error = new OutputLines(started.Error);
        using (process)
        {
            var isolation = ticket.Sweep.Definition.Isolation;
            attempt.Watch(ticket.Terms.Timeout, _ => process.Kill(), isolation.Grace);
            using var watched = memory.Watch(process, ticket.Grant!.MemoryBytes);
            using var asked = attempt.CancellationToken.UnsafeRegister(static p => ((RunProcess)p!).AskToEnd(), process);
            var said = new CommandOutput(attempt, reports);
            while (true)
            {
                var ready = Waiting.ForAny([output.Pipe, error.Pipe, process.Ended]);
                if ((ready & 1) != 0)
                    output.Read(said.TakeOutput);
                if ((ready & 2) != 0)
                    error.Read(said.TakeError);
                if ((ready & 4) == 0)
                    continue;
                output.Drain(said.TakeOutput);
                error.Drain(said.TakeError);
                said.End();
                return (process, said);
            }
        }
    }

    private static Dictionary<string, string?> EnvironmentOf(RunInfo info, RunGrant grant, string folder, string checkpoints)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PYTHONUNBUFFERED"] = "1", // else reports come when a buffer is full, or never
        };
        foreach (var (name, value) in grant.Environment)
            environment[name] = value;
        environment["ORCHESTRATOR_SWEEP_ID"] = info.SweepId;
        environment["ORCHESTRATOR_RUN_ID"] = info.Id;
        environment["ORCHESTRATOR_RUN_DIR"] = folder;
        environment["ORCHESTRATOR_PARAMETERS"] = Path.Combine(folder, "parameters.json");
        environment["ORCHESTRATOR_SEED"] = info.Seed.ToString(CultureInfo.InvariantCulture);
        environment["ORCHESTRATOR_ATTEMPT"] = info.Attempt.ToString(CultureInfo.InvariantCulture);
        environment["ORCHESTRATOR_CHECKPOINT_DIR"] = checkpoints;
        environment["ORCHESTRATOR_DEVICE"] = grant.DeviceInOwnProcess;
        if (info.TraceParent is { } trace)
            environment["TRACEPARENT"] = trace;
        return environment;
    }

    private static bool RemoveIfEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: false);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            // it is not empty
        }
        catch (UnauthorizedAccessException)
        {
            // the run took our rights away
        }

        return false;
    }
}
