using Hangfire;
using Hangfire.Server;
using Orchestrator.Hosting;
using Orchestrator.Sweeps;
using Orchestrator.Web.Dashboard;

namespace Orchestrator.Web.Jobs;

/// <summary>
/// The job of a sweep: enqueued while the sweep waits for a slot, processing while it is executed, and at its end in the state that says
/// what came of it. Attempts are the engine's, so Hangfire retries nothing.
/// </summary>
[Queue(SweepJobs.Queue)]
[AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Fail, LogEvents = false)]
[SweepJobStates]
public sealed class SweepJob
{
    private static readonly TimeSpan SlowLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockLook = TimeSpan.FromSeconds(1);

    private readonly SweepScheduler _scheduler;
    private readonly SweepJobs _jobs;
    private readonly SweepOutcomes _outcomes;
    private readonly OrchestratorHome _home;
    private readonly TimeProvider _time;

    internal SweepJob(SweepScheduler scheduler, SweepJobs jobs, SweepOutcomes outcomes, OrchestratorHome home, TimeProvider time) =>
        (_scheduler, _jobs, _outcomes, _home, _time) = (scheduler, jobs, outcomes, home, time);

    /// <summary>Executes the sweep to its end, unless it has ended.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="context">Hangfire's context; it fills it in.</param>
    /// <param name="cancellationToken">Hangfire's token: canceled when the job is deleted or queued anew, and when the server stops.</param>
    /// <returns>What came of the sweep, in a sentence.</returns>
    [SweepJobName]
    public async Task<string> ExecuteAsync(string sweepId, PerformContext? context, CancellationToken cancellationToken)
    {
        var resumption = context is null ? null : SweepJobs.TakeResumption(context);
        while (true)
        {
            if (_scheduler.IsStopping)
                throw _jobs.Return(context, "the host is shutting down");
            if (_scheduler.FindActive(sweepId) is { } other)
            {
                // Delivery is at least once: the worker that executes the sweep reports its end. One that is being ended makes room.
                if (other.Control.Level == StopLevel.None)
                    throw new JobAbortedException();
                await other.Ended;
                continue;
            }

            var sweep = await _scheduler.FindAsync(sweepId, cancellationToken) ?? throw (_scheduler.Forget(sweepId)
                ? new SweepEndedException("The sweep was removed.")
                : new SweepFailedException($"This home has no sweep {sweepId}: it was removed, or several homes share one job storage. Give each home a database or a schema of its own."));
            if (resumption is null && SweepOutcomes.HasEnded(sweep) && _scheduler.FindPending(sweepId)?.HasEndedSince(sweep) != false)
                return await EndedMeanwhileAsync(sweep);
            if (resumption == SweepResumption.WithFailed && sweep.Counts.Failed > 0)
                await _scheduler.RetryAsync(sweepId, RetrySelection.AllFailed, cancellationToken);
            resumption = null;
            try
            {
                var result = await EndOfAsync(_scheduler.Begin(sweepId), context, cancellationToken);
                if (result is { EndKind: SweepEndKind.Requested, EndReason: SweepCanceler.Reason })
                    throw new JobAbortedException(); // the job has its new state, and may be another worker's by now
                return result.State == SweepState.Interrupted ? throw _jobs.Return(context, result.EndReason) : await _outcomes.OfAsync(result);
            }
            catch (SweepBusyException)
            {
                await FollowAsync(sweepId, cancellationToken);
            }
        }
    }

    /// <summary>The sweep was ended while it waited, and not by way of its job. A caller that waits for it here hears of that.</summary>
    private async Task<string> EndedMeanwhileAsync(SweepRecord sweep)
    {
        if (_scheduler.Withdraw(sweep.Id, sweep.EndReason ?? "ended on request") is { } withdrawn)
            await withdrawn.Ended;
        return await _outcomes.OfAsync(sweep);
    }

    /// <summary>Another process executes the sweep: the job lasts as long, and takes the sweep over if that process dies.</summary>
    private async Task FollowAsync(string sweepId, CancellationToken cancellationToken)
    {
        try
        {
            await _scheduler.WaitAsync(sweepId, cancellationToken);
            // The process that holds the lock may not have recorded that it executes the sweep, or may have recorded the end already.
            if (SweepLock.IsHeld(_home.FolderOf(sweepId)))
                await Task.Delay(LockLook, _time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !_scheduler.IsStopping)
        {
            await _scheduler.CancelAsync(sweepId, CancellationToken.None);
            throw new JobAbortedException();
        }
    }

    private async Task<SweepResult> EndOfAsync(ActiveSweep active, PerformContext? context, CancellationToken cancellationToken)
    {
        try
        {
            return await active.Result.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && context is not null)
        {
            // A stopping host tells its sweeps itself. A job that is only being delivered a second time goes on.
            while (!active.Result.IsCompleted && !_scheduler.IsStopping)
            {
                if (_jobs.IsTakenAway(context.BackgroundJob.Id))
                    active.Control.Cancel(SweepCanceler.Reason);
                await Task.WhenAny(active.Ended, Task.Delay(SlowLook, _time, CancellationToken.None));
            }

            return await active.Result;
        }
    }
}
