namespace Orchestrator.Torch.Runs;

/// <summary>
/// Who may use TorchSharp in this process: one run alone, or any number that share it. The default generator is the process's, so two
/// runs that draw from it disturb each other. First come, first served.
/// </summary>
internal sealed class ProcessGate
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private int _shared;
    private bool _alone;

    /// <summary>The process's own.</summary>
    public static ProcessGate OfProcess { get; } = new();

    /// <summary>Whether one who comes now has to wait.</summary>
    public bool MustWait(bool alone)
    {
        lock (_gate)
            return !IsFree(alone) || _waiting.Count > 0;
    }

    /// <summary>Waits for a place.</summary>
    /// <param name="alone">Whether nobody else may have one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The place; disposing it gives it back.</returns>
    public async Task<IDisposable> EnterAsync(bool alone, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiter> me;
        lock (_gate)
        {
            if (_waiting.Count == 0 && IsFree(alone))
                return Take(alone);
            me = _waiting.AddLast(new Waiter(alone));
        }

        await using var giveUp = cancellationToken.UnsafeRegister(
            (state, token) => Leave((LinkedListNode<Waiter>)state!, token), me).ConfigureAwait(false);
        return await me.Value.Entered.Task.ConfigureAwait(false);
    }

    private bool IsFree(bool alone) => !_alone && (!alone || _shared == 0);

    private Place Take(bool alone)
    {
        if (alone)
            _alone = true;
        else
            _shared++;
        return new Place(this, alone);
    }

    private void Leave(LinkedListNode<Waiter> waiter, CancellationToken token)
    {
        lock (_gate)
        {
            if (waiter.List is null)
                return; // it has its place: whoever waits takes it, and gives it back
            _waiting.Remove(waiter);
            Admit(); // those behind it may have waited for it only
        }

        waiter.Value.Entered.TrySetCanceled(token);
    }

    private void GiveBack(bool alone)
    {
        lock (_gate)
        {
            if (alone)
                _alone = false;
            else
                _shared--;
            Admit();
        }
    }

    private void Admit()
    {
        while (_waiting.First is { } next && IsFree(next.Value.Alone))
        {
            _waiting.RemoveFirst();
            next.Value.Entered.SetResult(Take(next.Value.Alone));
        }
    }

    private sealed class Waiter(bool alone)
    {
        public bool Alone => alone;

        public TaskCompletionSource<IDisposable> Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Place(ProcessGate gate, bool alone) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
                gate.GiveBack(alone);
        }
    }
}
