using Orchestrator.Execution;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Sweeps.Steering;

namespace Orchestrator.Sweeps;

/// <summary>
/// Puts a sweep right whose process ended without a word: its running runs are queued again, their attempts are recorded as lost.
/// Done by whoever looks first.
/// </summary>
internal sealed class SweepRecovery(StoreProvider stores, OrchestratorHome home, TimeProvider time)
{
    private const string Reason = "its process ended without a word";

    /// <summary>The sweep with its state as it truly is.</summary>
    public async Task<SweepRecord> ReconcileAsync(SweepRecord sweep, CancellationToken cancellationToken)
    {
        if (sweep.Kind == ExperimentKind.Experiment)
            return sweep; // its runs are not executed by one process: each is looked after by itself
        if (sweep.State is not (SweepState.Running or SweepState.Paused) || SweepLock.IsHeld(home.FolderOf(sweep.Id)))
            return sweep;
        var store = await stores.GetAsync().ConfigureAwait(false);
        var interrupted = sweep with { State = SweepState.Interrupted, EndReason = Reason }; // what is true can be said, if not recorded
        if (store.IsReadOnly)
            return interrupted;
        using var held = SweepLock.TryTake(home.FolderOf(sweep.Id));
        if (held is null)
            return sweep;
        if (await store.FindSweepAsync(sweep.Id, withBest: false, cancellationToken).ConfigureAwait(false) is not { } now
            || now.Sweep.State is not (SweepState.Running or SweepState.Paused))
            return sweep; // it ended, properly, between the look and the lock
        SteeringSocket.TryRemove(SteeringSocket.PathOf(home.Path, sweep.Id)); // the process had no time to
        try
        {
            await ReleaseAsync(store, now.Key, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException)
        {
            return interrupted; // a full disk must not keep anybody from looking; who wants to write is told
        }

        return (await store.FindSweepAsync(sweep.Id, sweep.Best is not null, cancellationToken).ConfigureAwait(false))!.Value.Sweep;
    }

    /// <summary>Queues the running runs again and marks the sweep as interrupted. The caller holds the sweep's lock.</summary>
    public static async Task ReleaseAsync(ISweepStore store, long key, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var progress = await store.ProgressAsync(key, cancellationToken).ConfigureAwait(false);
        foreach (var run in progress.Open.Where(r => r.State is RunState.Running))
            await store.AppendAsync(Lost(new RunKey(key, run.Number), at)).ConfigureAwait(false);
        await store.AppendAsync(new SweepChanged
        {
            Sweep = key,
            State = SweepState.Interrupted,
            EndReason = Reason,
            ElapsedSeconds = progress.SeenSeconds,
            At = at,
        }).ConfigureAwait(false);
        await store.FlushAsync().ConfigureAwait(false);
    }

    private static RunMoved Lost(RunKey run, DateTimeOffset at) => new()
    {
        Run = run,
        To = RunState.Queued,
        LostAttempt = FailureCapture.FromRule(FailureKind.WorkerLost, "The process that executed the attempt ended without a word."),
        At = at,
    };
}
