using Orchestrator.Storage;

namespace Orchestrator.Tracking;

/// <summary>Keeps what trackers lost with the run. A loss that cannot be kept either was logged, and is nobody's failure.</summary>
internal static class TrackerLossKeeper
{
    public static void Keep(ISweepStore store, RunKey run, TrackingLoss loss) => _ = AppendAsync(store, new TrackerLossNoted
    {
        Run = run,
        Loss = new TrackerLoss(loss.Tracker, loss.Attempt, loss.Points, loss.Reason),
    });

    /// <summary>Not waited for: the queue may be full, and what it is emptied into may have failed for good.</summary>
    private static async Task AppendAsync(ISweepStore store, StoreCommand command)
    {
        try
        {
            await store.AppendAsync(command).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is StoreException or ObjectDisposedException)
        {
        }
    }
}
