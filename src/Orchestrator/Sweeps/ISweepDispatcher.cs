namespace Orchestrator.Sweeps;

/// <summary>
/// Decides when a sweep that was given to <see cref="SweepScheduler"/> is started. A host without one starts it at once; one that queues
/// sweeps elsewhere calls <see cref="SweepScheduler.Begin"/> when its turn has come.
/// </summary>
internal interface ISweepDispatcher
{
    /// <summary>Queues a recorded sweep, and is not cut short: one that is recorded is to be executed. A sweep that is queued already stays queued once.</summary>
    /// <param name="sweep">The sweep as stored; nothing executes it.</param>
    Task DispatchAsync(SweepRecord sweep);

    /// <summary>Takes a sweep out of the queue, since it is not to be started any more.</summary>
    Task WithdrawAsync(string sweep, string reason, CancellationToken cancellationToken);
}
