using Orchestrator.Experiments;
using Orchestrator.Storage;
using Orchestrator.Telemetry;

namespace Orchestrator.Execution;

/// <summary>
/// Executes one attempt at a run: lease, DI scope, the user's code, and what came of it. Called on a worker's own thread. Nothing
/// that user code does leaves here as an exception.
/// </summary>
internal sealed class RunExecutor(AttemptLife life, TimeProvider time)
{
    /// <summary>A run that loses its worker so often, alone in its process each time, has failed.</summary>
    public const int MostLosses = 3;

    private const string RanAlone =
        "An attempt before had run out of memory, so this one ran alone, with all the memory of its pool; it is not tried again.";

    /// <summary>The wait between asking a run to end and giving its thread up: after a timeout.</summary>
    public static readonly TimeSpan TimeoutGrace = TimeSpan.FromSeconds(1);

    /// <summary>The same, after every other reason.</summary>
    public static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(10);

    /// <summary>Whether a lost attempt lost the process that was its own, and not the launcher or the orchestrator, which are everybody's.</summary>
    public static bool CountsAsLoss(RunFailure failure) => failure is { Kind: FailureKind.WorkerLost, Signal: not null };

    public void Execute(RunTicket ticket, RunGrant grant, WorkerSlot slot)
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
            attempt = Begin(ticket, grant, slot);
            End(ticket, grant, attempt, Judge(
                ticket, attempt, sweep.Place.Execute(ticket, grant, attempt, abandoned => Abandon(ticket, grant, abandoned, slot))));
        }
        catch (Exception cause)
        {
            // The orchestrator's own fault, not the run's: the worker lives on, the sweep is told and ends.
            if (attempt is not null)
                AttemptLife.Faulted(attempt, cause);
            RunSpans.Fault(ticket.Span, cause);
            ticket.Span = null;
            sweep.Events.TryWrite(new SweepEvent(SweepEventKind.Faulted, ticket, null, null, cause));
        }
        finally
        {
            attempt?.Dispose();
        }
    }

    private RunAttempt Begin(RunTicket ticket, RunGrant grant, WorkerSlot slot)
    {
        var sweep = ticket.Sweep;
        var startedAt = time.GetUtcNow();
        ticket.Terms = sweep.Terms;
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
            Device = grant.Device,
            StartedAt = startedAt,
            Checkpoints = ticket.Checkpoints.Notes,
            Caps = ticket.Terms.Caps,
            Folder = new RunFolder(Path.Combine(sweep.Home, RunRecord.DirectoryOf(sweep.Id, ticket.Number)), ticket.Parameters),
        };
        ticket.Span ??= RunSpans.StartRun(info, sweep.Span);
        var span = RunSpans.StartAttempt(info, ticket.Span);
        if (span is not null)
            info = info with { TraceParent = span.Id };
        var attempt = life.Begin(info, ticket.Key, life.NewLease(), sweep.Store, sweep.Trackers, sweep.Trainable.Name);
        attempt.Checkpoints = ticket.Checkpoints;
        attempt.Trash = sweep.Trash;
        attempt.Span = span;
        attempt.Label(ticket.Terms.Tags, ticket.Terms.Attributes);
        sweep.Store.Append(new AttemptStarted
        {
            Run = ticket.Key,
            Attempt = info.Attempt,
            Lease = attempt.Lease,
            Worker = info.Worker,
            Device = info.Device,
            Environment = ProcessEnvironment.Current,
            At = startedAt,
        });
        sweep.Events.TryWrite(new SweepEvent(SweepEventKind.Began, ticket, attempt));
        return attempt;
    }

    private static Verdict Judge(RunTicket ticket, RunAttempt attempt, RunEnding ending) =>
        attempt.CancellationReason == CancellationReason.Timeout
            ? Verdict.Failed(TimedOut(
                ticket, ending.WasKilled ? "It was asked to end, and did not: its process was killed." : "It was asked to end, and did."))
            : Verdict.Of(attempt, ending, mustReport: true);

    private static RunFailure TimedOut(RunTicket ticket, string how) => FailureCapture.FromRule(
        FailureKind.Timeout, FormattableString.Invariant($"The attempt took longer than the sweep's timeout of {ticket.Terms.Timeout:g}. {how}"));

    private void Abandon(RunTicket ticket, RunGrant grant, RunAttempt attempt, WorkerSlot slot)
    {
        var verdict = attempt.CancellationReason == CancellationReason.Timeout
            ? Verdict.Failed(TimedOut(ticket, "It was asked to end, and did not: its thread was given up."))
            : Verdict.Asked(attempt);
        if (End(ticket, grant, attempt, verdict))
            slot.Replace(grant, attempt.Info);
    }

    /// <summary>Records the end, unless somebody did already. The worker is free before the record is durable.</summary>
    private bool End(RunTicket ticket, RunGrant grant, RunAttempt attempt, Verdict verdict)
    {
        if (grant.IsAlone && verdict.Failure is { Kind: FailureKind.OutOfMemory } ranOut)
            verdict = verdict with { Failure = ranOut with { Message = $"{ranOut.Message.TrimEnd('.')}. {RanAlone}" } };
        if (life.TryEnd(attempt, verdict) is not { } end)
            return false;
        var retry = end.Failure is { } failure && GoesOn(ticket, grant, failure);
        var result = new AttemptResult(end.State, retry ? RunState.Queued : end.State, end.Objective, end.Failure, end.EndedAt);
        if (!retry)
        {
            RunSpans.End(ticket.Span, end.State, end.Failure, end.EndedAt);
            ticket.Span = null;
            RunMeters.RunEnded(end.State);
        }

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
            SupersededCheckpoints = result.Next == RunState.Completed ? attempt.Checkpoints.SupersededByCompletion() : [],
            Environment = ProcessEnvironment.Current,
            At = result.EndedAt,
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

    /// <summary>A lost worker is not the run's failure, and costs no retry, until it is beyond doubt that the run itself is what kills it.</summary>
    private static bool GoesOn(RunTicket ticket, RunGrant grant, RunFailure failure) => failure.Kind == FailureKind.WorkerLost
        ? !CountsAsLoss(failure) || ++ticket.Losses < MostLosses
        : ticket.Sweep.Terms.Retry.Allows(failure.Kind, ++ticket.FailedAttempts)
            && !(grant.IsAlone && failure.Kind == FailureKind.OutOfMemory); // there is no more memory to be had
}
