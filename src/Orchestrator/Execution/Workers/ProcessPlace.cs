using System.Globalization;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Workers;

/// <summary>Executes a sweep's runs in processes of this program.</summary>
internal sealed class ProcessPlace(ProcessWorkers workers, MemoryWatch memory, TrainableReference trainable, string? sweepFile, string home) : IRunPlace
{
    /// <summary>A process that was killed before it could take the run is replaced so often.</summary>
    private const int MostStarts = 5;

    public RunEnding Execute(RunTicket ticket, RunGrant grant, RunAttempt attempt, Action<RunAttempt> giveUp)
    {
        var definition = ticket.Sweep.Definition;
        var worker = TakeReady(attempt, grant, definition.Resources.Memory);
        if (worker is null)
            return new RunEnding(FailureCapture.FromRule(FailureKind.WorkerLost, "The run was asked to end before a process was ready for it."));
        ProcessEnd? end = null;
        var limit = definition.Resources.Memory;
        var ranOut = true; // until it is known that it did not
        try
        {
            using var watched = memory.Watch(worker.Process, limit);
            attempt.Watch(definition.Timeout, _ => worker.Kill(), definition.Isolation.Grace);
            (var ending, end) = worker.Execute(attempt, grant.DeviceInOwnProcess, trainable, sweepFile);
            ranOut = ending.Failure is { Kind: FailureKind.OutOfMemory };
            return end is { } ended
                ? new RunEnding(ProcessFailures.Of(ended, "the run's process", worker.Process, ticket), WasKilled: worker.WasKilled)
                : ending;
        }
        finally
        {
            workers.Return(worker, recycle: end is not null || ranOut || worker.Runs >= (definition.Isolation.RecycleAfter ?? int.MaxValue) || IsGrown(worker, limit));
        }
    }

    /// <summary>What earlier runs left in its memory must not count against the next one.</summary>
    private static bool IsGrown(ProcessWorker worker, long? limit) => limit is { } bytes && worker.Process.OwnResidentBytes > bytes / 2;

    private ProcessWorker? TakeReady(RunAttempt attempt, RunGrant grant, long? limit)
    {
        var environment = EnvironmentOf(grant, limit);
        for (var start = 1; ; start++)
        {
            var worker = workers.Take(environment);
            var isReady = false;
            ProcessEnd? end = null;
            try
            {
                isReady = worker.TryMakeReady(attempt, out end);
                if (isReady)
                    return worker;
            }
            finally
            {
                if (!isReady)
                    workers.Return(worker, recycle: false);
            }

            if (end is not { } ended)
                return null;
            var wasOutside = ended.Way == ProcessEndWay.LauncherLost || ended is { Way: ProcessEndWay.Signaled, Code: Libc.SigKill };
            if (!wasOutside || start == MostStarts)
                throw new WorkerStartException(
                    $"A worker's process ended before it was ready ({Describe(ended)}). What it said: {attempt.LogTail ?? "nothing"}");
        }
    }

    private Dictionary<string, string?> EnvironmentOf(RunGrant grant, long? limit)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ORCHESTRATOR_HOME"] = home };
        foreach (var (name, value) in grant.Environment)
            environment[name] = value;
        // Managed code then gets an exception that says where, before the process has to be killed.
        if (limit is { } bytes)
            environment["DOTNET_GCHeapHardLimit"] = (bytes / 5 * 4).ToString("X", CultureInfo.InvariantCulture);
        return environment;
    }

    private static string Describe(ProcessEnd end) => end.Way switch
    {
        ProcessEndWay.Exited => $"exit code {end.Code}",
        ProcessEndWay.Signaled => ProcessFailures.NameOf(end.Code),
        ProcessEndWay.NotStarted => ProcessFailures.ErrorText(end.Code),
        _ => "its launcher was lost",
    };
}
