using Orchestrator.Execution;
using Orchestrator.Hosting;
using Orchestrator.Storage;

namespace Orchestrator.Experiments;

/// <summary>
/// Puts runs held by hand right whose process is gone, or forgot to stop them: they are recorded as failed, by whoever looks first.
/// </summary>
internal sealed class LostRuns(StoreProvider stores, OrchestratorHome home, TimeProvider time)
{
    /// <summary>Looks for them. Cheap where no run is held: one look at an index.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken = default)
    {
        if (!stores.Exists)
            return;
        var store = await stores.GetAsync().ConfigureAwait(false);
        var running = await store.RunningHeldAsync(cancellationToken).ConfigureAwait(false);
        if (running.Count == 0)
            return;
        var dead = running.Select(r => r.Session).Distinct().Where(s => !RunSession.IsAlive(home.Path, s)).ToHashSet(StringComparer.Ordinal);
        if (dead.Count == 0 || store.IsReadOnly)
            return; // who may not write cannot put it right
        try
        {
            foreach (var run in running.Where(r => dead.Contains(r.Session)))
                await store.AppendAsync(Lost(run, "The process that held the run ended without stopping it.", time.GetUtcNow())).ConfigureAwait(false);
            await store.FlushAsync().ConfigureAwait(false);
        }
        catch (StoreException)
        {
            return; // a full disk must not keep anybody from looking; the next one who can write puts it right
        }

        foreach (var session in dead)
            RunSession.Forget(home.Path, session);
    }

    private static RunMoved Lost(HeldRun run, string how, DateTimeOffset at) => new()
    {
        Run = run.Key,
        To = RunState.Failed,
        OfAttempt = run.Attempt,
        LostAttempt = FailureCapture.FromRule(FailureKind.WorkerLost, how),
        At = at,
    };
}
