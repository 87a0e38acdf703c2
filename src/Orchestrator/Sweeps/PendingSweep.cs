namespace Orchestrator.Sweeps;

/// <summary>A sweep that is queued by an <see cref="ISweepDispatcher"/> and has not been started yet.</summary>
internal sealed class PendingSweep(SweepRecord queued, SweepRequest request, bool unattended)
{
    private readonly TaskCompletionSource<ActiveSweep> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SweepRequest Request => request;

    /// <summary>Whether the sweep, as it is stored now, has ended since it was queued: by a request from elsewhere, or executed there.</summary>
    public bool HasEndedSince(SweepRecord now) => now.EndedAt != queued.EndedAt;

    /// <summary>Whether no caller waits for the result, so that what goes wrong is logged.</summary>
    public bool IsUnattended => unattended;

    /// <summary>The sweep once it is started; faulted if its host shuts down before.</summary>
    public Task<ActiveSweep> Begun => _begun.Task;

    public void Begin(ActiveSweep active) => _begun.TrySetResult(active);

    public void GiveUp(Exception cause)
    {
        _begun.TrySetException(cause);
        _ = _begun.Task.Exception; // there may be no waiter, and then it must not surface as unobserved
    }
}
