using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Diagnostics;
using Orchestrator.Execution.Causes;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Workers;

/// <summary>Executes a sweep's runs in processes of this program.</summary>
internal sealed partial class ProcessPlace(
    ProcessWorkers workers, MemoryWatch memory, SystemKills kills, TrainableReference trainable, RunRequirement? requirement, string? sweepFile, string home, ILogger logger) : IRunPlace
{
    /// <summary>So many processes in a row are started for an attempt, where each is killed from outside before it can take the run.</summary>
    private const int MostStarts = 5;

    /// <summary>With less than so many bytes the runtime may not even start.</summary>
    private const long SmallMemory = 32 * 1024 * 1024;

    private readonly FailureStreaks _streaks = new();
    private int _killedStarts; // of all attempts, since a process was last ready

    public RunEnding Execute(RunTicket ticket, RunGrant grant, RunAttempt attempt, Action<RunAttempt> giveUp)
    {
        var definition = ticket.Sweep.Definition;
        var before = kills.Mark();
        var (worker, notReady) = TakeReady(ticket, grant, attempt, before);
        if (worker is null)
            return new RunEnding(notReady);
        ProcessEnd? end = null;
        var limit = grant.MemoryBytes;
        var isSpent = true; // until it is known that it is not
        try
        {
            using var watched = memory.Watch(worker.Process, limit);
            attempt.Watch(ticket.Terms.Timeout, _ => worker.Kill(), definition.Isolation.Grace);
            (var ending, end) = worker.Execute(attempt, grant.DeviceInOwnProcess, trainable, sweepFile);
            isSpent = end is not null || ending.Failure is { Kind: FailureKind.OutOfMemory } || IsSuspect(worker, attempt, ending);
            if (end is not { } ended)
                return ending;
            var failure = ProcessFailures.Of(ended, "the run's process", worker.Process, ticket, () => kills.Explain(before));
            return new RunEnding(ProcessFailures.Explain(failure, new ProgramWords(attempt.LogTail ?? "", ""), attempt, quotes: false), WasKilled: worker.WasKilled);
        }
        finally
        {
            workers.Return(worker, recycle: isSpent || grant.IsAlone || worker.Runs >= (definition.Isolation.RecycleAfter ?? int.MaxValue) || IsGrown(worker, limit));
        }
    }

    /// <summary>Whether its runs may fail by what an earlier one left in it. One that was asked to end says nothing of that.</summary>
    private bool IsSuspect(ProcessWorker worker, RunAttempt attempt, RunEnding ending)
    {
        if (attempt.CancellationReason != CancellationReason.None || ending.Failure is { Kind: not FailureKind.Exception })
            return false;
        worker.FailedInRow = ending.Failure is null ? 0 : worker.FailedInRow + 1;
        var isSuspect = _streaks.Add(worker.Process.Id, worker.FailedInRow, worker.Runs == 1, out var proven);
        if (proven is { } before)
            LogProven(logger, before.Process, before.Runs, worker.Process.Id);
        return isSuspect;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Process} was replaced: {Count} runs in a row had failed in it, and the next one succeeded in a new process ({New}). What an earlier run left there may be the cause.")]
    private static partial void LogProven(ILogger logger, int process, int count, int @new);

    /// <summary>What earlier runs left in its memory must not count against the next one.</summary>
    private static bool IsGrown(ProcessWorker worker, long? limit) => limit is { } bytes && worker.Process.OwnHeldBytes > bytes / 2;

    /// <summary>
    /// A process that is ready; or why the attempt is lost without one: a kill from outside is the attempt's, whenever it comes. A program that
    /// fails by itself before it is ready would always do so, and ends the sweep.
    /// </summary>
    /// <exception cref="WorkerStartException">The program fails in it.</exception>
    private (ProcessWorker? Worker, RunFailure? Instead) TakeReady(
        RunTicket ticket, RunGrant grant, RunAttempt attempt, (long Counted, long Explained) before)
    {
        var environment = EnvironmentOf(grant);
        for (var start = 1; ; start++)
        {
            var worker = workers.Take(environment, grant.IsAlone);
            var isReady = false;
            ProcessEnd? end = null;
            try
            {
                isReady = worker.TryMakeReady(attempt, out end);
                if (isReady)
                {
                    Volatile.Write(ref _killedStarts, 0);
                    return (worker, null);
                }
            }
            finally
            {
                if (!isReady)
                    workers.Return(worker, recycle: false);
            }

            if (end is not { } ended)
                return (null, FailureCapture.FromRule(FailureKind.WorkerLost, "The run was asked to end before a process was ready for it."));
            // SIGINT: the terminal's Ctrl-C reached it before it had left the terminal, as may be where it was started the portable way.
            var wasKilled = ended is { Way: ProcessEndWay.Signaled, Code: Libc.SigKill or Libc.SigInt } && !worker.Process.WasKilled;
            if (wasKilled && Interlocked.Increment(ref _killedStarts) >= ProcessFailures.HopelessStarts)
                throw new WorkerStartException(
                    $"{ProcessFailures.HopelessStarts} processes in a row were killed from outside ({ProcessFailures.NameOf(ended.Code)}) before they could take a run. Find out what kills them: a limit of memory or a policy of this machine.");
            if (wasKilled && start < MostStarts)
                continue;
            // No signal: the run was not in it, so that it cannot be the run's doing.
            if (wasKilled || ended.Way is ProcessEndWay.LauncherLost or ProcessEndWay.LauncherFailed)
                return (null, ProcessFailures.Of(ended, "the process that was to execute the run", worker.Process, ticket, () => kills.Explain(before)) with { Signal = null });
            throw new WorkerStartException(
                $"A worker's process ended before it was ready ({Describe(ended, worker)}). "
                + $"{(grant.MemoryBytes < SmallMemory ? $"'resources.memory' gives it {ByteText.Of(grant.MemoryBytes.Value)}, which may be too little to start in. " : "")}What it said: {attempt.LogTail ?? "nothing"}");
        }
    }

    private Dictionary<string, string?> EnvironmentOf(RunGrant grant)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ORCHESTRATOR_HOME"] = home };
        foreach (var (name, value) in requirement?.Environment ?? new Dictionary<string, string>())
            environment[name] = value;
        foreach (var (name, value) in grant.Environment)
            environment[name] = value;
        if (requirement is not null && WorkerPreparation.NameOf(requirement) is { } preparation)
            environment[WorkerPreparation.Variable] = preparation;
        // Managed code then gets an exception that says where, before the process has to be killed.
        if (grant.MemoryBytes is { } bytes)
            environment["DOTNET_GCHeapHardLimit"] = (bytes / 5 * 4).ToString("X", CultureInfo.InvariantCulture);
        return environment;
    }

    private static string Describe(ProcessEnd end, ProcessWorker worker) => end.Way switch
    {
        ProcessEndWay.Exited => $"exit code {end.Code}",
        ProcessEndWay.NotStarted => ProcessFailures.ErrorText(end.Code),
        _ when worker.Process.WasKilled => "it closed its channel, went on, and was killed",
        _ => ProcessFailures.NameOf(end.Code),
    };
}
