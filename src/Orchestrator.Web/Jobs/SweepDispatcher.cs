using Orchestrator.Sweeps;

namespace Orchestrator.Web.Jobs;

/// <summary>Queues sweeps as Hangfire jobs.</summary>
internal sealed class SweepDispatcher(SweepJobs jobs) : ISweepDispatcher
{
    /// <exception cref="InvalidOperationException">The job storage does not accept it; the sweep stays recorded.</exception>
    public async Task DispatchAsync(SweepRecord sweep)
    {
        try
        {
            // Hangfire's storage blocks; the caller may be a request.
            await Task.Run(() => jobs.Enqueue(sweep, sweep.State == SweepState.Queued ? null : "to go on with what is left"));
        }
        catch (Exception cause)
        {
            throw new InvalidOperationException($"Sweep {sweep.Id} is recorded, but could not be queued as a job: {cause.Message} The host takes it up at its next start.", cause);
        }
    }

    public Task WithdrawAsync(string sweep, string reason, CancellationToken cancellationToken) =>
        Task.Run(() => jobs.Delete(sweep, reason), cancellationToken);
}
