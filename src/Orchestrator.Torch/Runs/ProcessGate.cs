namespace Orchestrator.Torch.Runs;

/// <summary>
/// Who may use TorchSharp in this process: one run alone, or any number that share it. The default generator is the process's, so two
/// runs that draw from it disturb each other. First come, first served; but nobody waits for a run that was given up and may never end.
/// </summary>
internal sealed class ProcessGate
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly List<Place> _givenUp = [];
    private int _shared;
    private bool _alone;

    /// <summary>The process's own.</summary>
    public static ProcessGate OfProcess { get; } = new();

    /// <summary>Whether one who comes now has to wait.</summary>
    public bool MustWait(bool alone)
    {
        lock (_gate)
            return (!IsFree(alone) || _waiting.Count > 0) && Obstacle(alone) is null;
    }

    /// <summary>Waits for a place.</summary>
    /// <param name="run">Whose place it is.</param>
    /// <param name="alone">Whether nobody else may have one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The place; disposing it gives it back.</returns>
    /// <exception cref="InvalidOperationException">It is kept by a run that was given up, now or while this one waited.</exception>
    public async Task<Place> EnterAsync(string run, bool alone, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiter> me;
        lock (_gate)
        {
            if (Obstacle(alone) is { } obstacle)
                throw Blocked(obstacle);
            if (_waiting.Count == 0 && IsFree(alone))
                return Take(run, alone);
            me = _waiting.AddLast(new Waiter(run, alone));
        }

        await using var leave = cancellationToken.UnsafeRegister(
            (state, token) => Leave((LinkedListNode<Waiter>)state!, token), me).ConfigureAwait(false);
        return await me.Value.Entered.Task.ConfigureAwait(false);
    }

    private static InvalidOperationException Blocked(Place place) => new(
        $"Run {place.Run} did not end when asked to and still uses TorchSharp in this process; what it draws would change this run's results. "
        + "'isolation: process' gives each run a process that can be ended; otherwise start the program anew.");

    private bool IsFree(bool alone) => !_alone && (!alone || _shared == 0);

    /// <summary>The one that was given up and keeps others out; one that shares keeps out those who want to be alone.</summary>
    private Place? Obstacle(bool alone) => _givenUp.Find(place => alone || place.Alone);

    private Place Take(string run, bool alone)
    {
        if (alone)
            _alone = true;
        else
            _shared++;
        return new Place(this, run, alone);
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

    private void GiveBack(Place place)
    {
        lock (_gate)
        {
            if (place.Alone)
                _alone = false;
            else
                _shared--;
            _givenUp.Remove(place);
            Admit();
        }
    }

    private void GiveUp(Place place)
    {
        lock (_gate)
        {
            _givenUp.Add(place);
            for (var node = _waiting.First; node is not null;)
            {
                var (waiter, next) = (node.Value, node.Next);
                if (place.Alone || waiter.Alone)
                {
                    _waiting.Remove(node);
                    waiter.Entered.SetException(Blocked(place));
                }

                node = next;
            }

            Admit();
        }
    }

    private void Admit()
    {
        while (_waiting.First is { } next && IsFree(next.Value.Alone))
        {
            _waiting.RemoveFirst();
            next.Value.Entered.SetResult(Take(next.Value.Run, next.Value.Alone));
        }
    }

    private sealed class Waiter(string run, bool alone)
    {
        public string Run => run;

        public bool Alone => alone;

        public TaskCompletionSource<Place> Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>A run's place.</summary>
    internal sealed class Place(ProcessGate gate, string run, bool alone) : IDisposable
    {
        private readonly Lock _own = new();
        private bool _isBack;

        public string Run => run;

        public bool Alone => alone;

        /// <summary>The run was given up: nobody waits for it. Nothing once the place was given back.</summary>
        public void GiveUp()
        {
            lock (_own)
            {
                if (!_isBack)
                    gate.GiveUp(this);
            }
        }

        public void Dispose()
        {
            lock (_own)
            {
                if (_isBack)
                    return;
                _isBack = true;
                gate.GiveBack(this);
            }
        }
    }
}
