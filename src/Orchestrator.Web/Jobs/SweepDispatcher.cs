using Orchestrator.Sweeps;

namespace Orchestrator.Web.Jobs;

/// <summary>Queues sweeps as Hangfire jobs.</summary>
internal sealed class SweepDispatcher(SweepJobs jobs) : ISweepDispatcher
{
    public Task DispatchAsync(SweepRecord sweep, CancellationToken cancellationToken) =>
        // Hangfire's storage blocks; the caller may be a request.
        Task.Run(() => jobs.Enqueue(sweep, sweep.State == SweepState.Queued ? null : "to go on with what is left"), cancellationToken);

    public Task WithdrawAsync(string sweep, string reason, CancellationToken cancellationToken) =>
        Task.Run(() => jobs.Delete(sweep, reason), cancellationToken);
}
