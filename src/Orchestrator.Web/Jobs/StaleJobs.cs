using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Sweeps;

namespace Orchestrator.Web.Jobs;

/// <summary>
/// Puts the jobs right that an earlier life of the host left behind in a durable job storage. Whether a sweep is being executed is told by
/// its kernel lock, not by Hangfire's records: those of a killed server look alive for minutes.
/// </summary>
internal sealed class StaleJobs(JobStorage storage, SweepJobs jobs, SweepScheduler scheduler, StoreProvider stores, OrchestratorHome home)
{
    private const int PageSize = 200;
    private const string Reason = "its server is gone";

    /// <summary>Ends the sweeps whose jobs were deleted while no host was there to hear it.</summary>
    public async Task CancelDeletedAsync(CancellationToken cancellationToken)
    {
        if (!stores.Exists)
            return;
        await foreach (var sweep in scheduler.ListUnfinishedAsync(cancellationToken))
        {
            if (sweep.IsHosted && !SweepOutcomes.HasEnded(sweep) && !SweepLock.IsHeld(home.FolderOf(sweep.Id))
                && jobs.Find(sweep.Id) is var (_, state) && state == DeletedState.StateName)
                await scheduler.CancelAsync(sweep.Id, cancellationToken);
        }
    }

    /// <summary>Queues the jobs again that are recorded as being processed while nothing executes their sweeps.</summary>
    public async Task RequeueAsync(CancellationToken cancellationToken)
    {
        foreach (var (job, sweep) in Processing())
        {
            if (SweepLock.IsHeld(home.FolderOf(sweep)) || await scheduler.FindAsync(sweep, cancellationToken) is null)
                continue; // another process executes it, or it is another home's
            jobs.Requeue(job, Reason);
        }
    }

    private List<(string Job, string Sweep)> Processing()
    {
        var monitoring = storage.GetMonitoringApi();
        var found = new List<(string, string)>();
        for (var from = 0; ; from += PageSize)
        {
            var page = monitoring.ProcessingJobs(from, PageSize);
            foreach (var (id, job) in page)
            {
                if (SweepJobs.SweepOf(job?.Job) is { } sweep)
                    found.Add((id, sweep));
            }

            if (page.Count < PageSize)
                return found;
        }
    }
}
