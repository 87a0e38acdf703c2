using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Orchestrator.Web.Schedules;

namespace Orchestrator.Web.Jobs;

/// <summary>
/// Keeps the states of a sweep's job true: how a sweep ended decides the state, latency is counted from the last time it was queued, a job
/// that is deleted ends its sweep, and one that a person queues anew goes on with it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SweepJobStatesAttribute : JobFilterAttribute, IElectStateFilter, IApplyStateFilter
{
    /// <summary>A schedule with seconds skips thousands of firings a day, and a skipped one tells nothing the next does not.</summary>
    private static readonly TimeSpan SkippedExpiration = TimeSpan.FromHours(1);

    public void OnStateElection(ElectStateContext context)
    {
        switch (context.CandidateState)
        {
            case EnqueuedState enqueued:
                context.SetJobParameter(SweepJobs.EnqueuedParameter, JobHelper.SerializeDateTime(enqueued.EnqueuedAt));
                if (enqueued is not ReturnedState && context.CurrentState is not null)
                    context.SetJobParameter<SweepResumption?>(SweepJobs.ResumptionParameter, SweepResumption.WithFailed);
                break;

            case FailedState { Exception: SweepEndedException ended }:
                context.CandidateState = new DeletedState { Reason = ended.Message };
                break;

            case FailedState failed:
                failed.Reason = failed.Exception.Message;
                if (failed.Exception is SweepFailedException)
                    failed.MaxLinesInStackTrace = 1; // where in this program it was thrown tells nothing about the sweep
                break;

            case SucceededState succeeded when Waited(context) is { } waited:
                context.CandidateState = new SucceededState(succeeded.Result, (long)waited.TotalMilliseconds, succeeded.PerformanceDuration) { Reason = succeeded.Reason };
                break;
        }
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.NewState is DeletedState && context.BackgroundJob.Job?.Type == typeof(ScheduledSweepJob))
            context.JobExpirationTimeout = SkippedExpiration;
        if (SweepJobs.SweepOf(context.BackgroundJob.Job) is not { } sweep)
            return;
        if (context.NewState is EnqueuedState)
            transaction.SetRangeInHash(SweepJobs.HashOf(sweep), [SweepJobs.FieldOf(context.BackgroundJob.Id)]);
        // The way from a sweep to its job lasts as long as the job.
        if (transaction is JobStorageTransaction lasting && context.NewState.IsFinal)
            lasting.ExpireHash(SweepJobs.HashOf(sweep), context.JobExpirationTimeout);
        else if (transaction is JobStorageTransaction kept && context.NewState is EnqueuedState)
            kept.PersistHash(SweepJobs.HashOf(sweep));
        if (context.NewState is DeletedState || (context.OldStateName == ProcessingState.StateName && context.NewState is EnqueuedState and not ReturnedState))
            SweepJobHosts.Of(context.Storage)?.Cancel(sweep);
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }

    /// <summary>How long the job waited in its queue before it was processed.</summary>
    private static TimeSpan? Waited(ElectStateContext context)
    {
        var state = context.Connection.GetStateData(context.BackgroundJob.Id);
        if (state?.Name != ProcessingState.StateName || !state.Data.TryGetValue("StartedAt", out var started))
            return null;
        return context.GetJobParameter<string?>(SweepJobs.EnqueuedParameter) is { } enqueued
            ? JobHelper.DeserializeDateTime(started) - JobHelper.DeserializeDateTime(enqueued)
            : null;
    }
}
