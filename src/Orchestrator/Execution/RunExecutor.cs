using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orchestrator.Storage;
using Orchestrator.Tracking;

namespace Orchestrator.Execution;

/// <summary>
/// Executes one attempt at a run: lease, DI scope, the user's code, and what came of it. Called on a worker's own thread. Nothing
/// that user code does leaves here as an exception.
/// </summary>
internal sealed class RunExecutor(IRunTrackingFactory tracking, TimeProvider time, ILoggerFactory loggers)
{
    private long _lease = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    /// <summary>The wait between asking a run to end and giving its thread up: after a timeout.</summary>
    public static readonly TimeSpan TimeoutGrace = TimeSpan.FromSeconds(1);

    /// <summary>The same, after every other reason.</summary>
    public static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(10);

    public void Execute(RunTicket ticket, WorkerSlot slot)
    {
        var sweep = ticket.Sweep;
        if (!sweep.AcceptsStarts)
        {
            sweep.Events.TryWrite(new SweepEvent(SweepEventKind.Exited, ticket));
            return;
        }

        // Another run's context must not be seen here; nor may this run's be seen by the next.
        SynchronizationContext.SetSynchronizationContext(null);
        RunAttempt? attempt = null;
        try
        {
            attempt = Begin(ticket, slot);
            attempt.Watch(sweep.Definition.Timeout, abandoned => Abandon(ticket, abandoned, slot));
            End(ticket, attempt, Judge(ticket, attempt, RunToEnd(ticket, attempt)));
        }
        catch (Exception cause)
        {
            // The orchestrator's own fault, not the run's: the worker lives on, the sweep is told and ends.
            sweep.Events.TryWrite(new SweepEvent(SweepEventKind.Faulted, ticket, null, null, cause));
        }
        finally
        {
            attempt?.Dispose();
        }
    }

    /// <summary>Runs the user's code to its end; what left it is the result.</summary>
    private static Exception? RunToEnd(RunTicket ticket, RunAttempt attempt)
    {
        var flow = new RunFlow(ticket, attempt);
        try
        {
            // A context of the run's own: what user code sets while it runs synchronously (async-locals, culture) stays in it.
            ExecutionContext.Run(ExecutionContext.Capture()!, static state => ((RunFlow)state!).Start(), flow);
            flow.Body!.GetAwaiter().GetResult();
            return null;
        }
        catch (Exception cause)
        {
            return cause;
        }
    }

    private RunAttempt Begin(RunTicket ticket, WorkerSlot slot)
    {
        var sweep = ticket.Sweep;
        var startedAt = time.GetUtcNow();
        var info = new RunInfo
        {
            Id = RunRecord.IdOf(sweep.Id, ticket.Number),
            Name = ticket.Name,
            SweepId = sweep.Id,
            SweepName = sweep.Name,
            Project = sweep.Project,
            Number = ticket.Number,
            Proposal = ticket.Proposal,
            Replicate = ticket.Replicate,
            Seed = ticket.Seed,
            Attempt = ++ticket.Attempts,
            Parameters = ticket.Parameters,
            Metric = sweep.Metric,
            Worker = slot.Name,
            Device = slot.Device,
            StartedAt = startedAt,
            Folder = new RunFolder(Path.Combine(sweep.Home, RunRecord.DirectoryOf(sweep.Id, ticket.Number)), ticket.Parameters),
        };
        var attempt = new RunAttempt(info, ticket.Key, Interlocked.Increment(ref _lease), sweep.Store, time, StartTracking(ticket, info))
        {
            Logger = loggers.CreateLogger(sweep.Trainable.Name),
        };
        sweep.Store.Append(new AttemptStarted
        {
            Run = ticket.Key,
            Attempt = info.Attempt,
            Lease = attempt.Lease,
            Worker = info.Worker,
            Device = info.Device,
            At = startedAt,
        });
        sweep.Events.TryWrite(new SweepEvent(SweepEventKind.Began, ticket, attempt));
        return attempt;
    }

    private IRunTracking? StartTracking(RunTicket ticket, RunInfo info) => ticket.Sweep.Trackers.Count == 0
        ? null
        : tracking.Start(info, ticket.Sweep.Trackers, loss => TrackerLossKeeper.Keep(ticket.Sweep.Store, ticket.Key, loss));

    /// <summary>The one place that says what an attempt came to.</summary>
    private static Verdict Judge(RunTicket ticket, RunAttempt attempt, Exception? thrown)
    {
        var reason = attempt.CancellationReason;
        if (reason == CancellationReason.Timeout)
            return Verdict.Failed(TimedOut(ticket, "It was asked to end, and did."));
        if (reason != CancellationReason.None && thrown is not null)
        {
            // Whatever leaves a run that was asked to end is taken as its way of ending.
            return Asked(ticket, attempt);
        }

        if (thrown is not null)
            return Verdict.Failed(FailureCapture.FromException(thrown));

        var metric = ticket.Sweep.Metric.Name;
        return ObjectiveOf(ticket, attempt) switch
        {
            null => Verdict.Failed(FailureCapture.FromRule(
                FailureKind.InvalidResult, $"The run ended without reporting '{metric}', the sweep's metric. {Reported(attempt)}")),
            { } value when !double.IsFinite(value) => Verdict.Failed(FailureCapture.FromRule(
                FailureKind.NonFinite, $"The run's '{metric}' is {value}, not a finite number.")),
            { } value => new Verdict(RunState.Completed, value, null),
        };
    }

    private static Verdict Asked(RunTicket ticket, RunAttempt attempt) => attempt.CancellationReason == CancellationReason.Pruned
        ? new Verdict(RunState.Pruned, ObjectiveOf(ticket, attempt), null)
        : new Verdict(RunState.Canceled, null, null);

    private static double? ObjectiveOf(RunTicket ticket, RunAttempt attempt)
    {
        var metric = ticket.Sweep.Metric;
        if (attempt.Reports.SummaryOf(metric.Name) is not { } summary)
            return null;
        if (metric.From == MetricSource.Last)
            return summary.Last;
        return metric.Goal == MetricGoal.Minimize ? summary.Min : summary.Max;
    }

    private static string Reported(RunAttempt attempt)
    {
        var names = attempt.Reports.Summaries().Select(s => $"'{s.Key}'").ToArray();
        return names.Length == 0 ? "It reported nothing." : $"It reported {string.Join(", ", names)}.";
    }

    private static RunFailure TimedOut(RunTicket ticket, string how) => FailureCapture.FromRule(
        FailureKind.Timeout, $"The attempt took longer than the sweep's timeout of {ticket.Sweep.Definition.Timeout:g}. {how}");

    private void Abandon(RunTicket ticket, RunAttempt attempt, WorkerSlot slot)
    {
        var verdict = attempt.CancellationReason == CancellationReason.Timeout
            ? Verdict.Failed(TimedOut(ticket, "It was asked to end, and did not: its thread was given up."))
            : Asked(ticket, attempt);
        if (End(ticket, attempt, verdict))
            slot.Replace(ticket, attempt.Info);
    }

    /// <summary>Records the end, unless somebody did already. The worker is free before the record is durable.</summary>
    private bool End(RunTicket ticket, RunAttempt attempt, Verdict verdict)
    {
        if (attempt.HasEnded)
            return false;
        if (verdict.Failure is { } told)
        {
            // The log's last lines as they were; then the failure itself becomes the last. Where nothing was logged the store alone
            // keeps it: a folder and a file for each failure cost ten times what storing it does.
            var tail = attempt.LogTail;
            verdict = verdict with { Failure = told with { LogTail = tail } };
            if (tail is not null)
                attempt.Log.Write(RunLogLine.Failure(told, attempt.Info.Attempt, time.GetUtcNow()));
        }

        if (!attempt.TryEnd())
            return false;
        var at = time.GetUtcNow();
        var retry = verdict.Failure is { } failure && ticket.Sweep.Definition.Retry.Allows(failure.Kind, ++ticket.FailedAttempts);
        var result = new AttemptResult(verdict.Outcome, retry ? RunState.Queued : verdict.Outcome, verdict.Objective, verdict.Failure, at);
        attempt.EndTracking(new RunEnd(result.Outcome, result.Objective, result.Failure, at));
        ticket.Sweep.Events.TryWrite(new SweepEvent(SweepEventKind.Exited, ticket, attempt, result));
        var command = new AttemptEndedCommand(ticket, attempt, result)
        {
            Run = ticket.Key,
            Attempt = attempt.Info.Attempt,
            Lease = attempt.Lease,
            Next = result.Next,
            Outcome = result.Outcome,
            Objective = result.Objective,
            Failure = result.Failure,
            Reports = attempt.Reports,
            At = at,
        };
        try
        {
            ticket.Sweep.Store.Append(command);
        }
        catch (StoreException cause)
        {
            command.Failed(cause);
        }

        return true;
    }

    private readonly record struct Verdict(RunState Outcome, double? Objective, RunFailure? Failure)
    {
        public static Verdict Failed(RunFailure failure) => new(RunState.Failed, null, failure);
    }
}
