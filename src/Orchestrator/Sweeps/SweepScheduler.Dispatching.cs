using System.Collections.Concurrent;
using Orchestrator.Storage;

namespace Orchestrator.Sweeps;

/// <summary>The sweeps of a host that queues them elsewhere before it executes them.</summary>
internal sealed partial class SweepScheduler
{
    private readonly ConcurrentDictionary<string, PendingSweep> _pending = new(StringComparer.Ordinal);

    /// <summary>Whether the host is shutting down: no sweep is started any more.</summary>
    public bool IsStopping => _stopping;

    /// <summary>The sweep if it waits for its turn.</summary>
    public PendingSweep? FindPending(string sweep) => _pending.GetValueOrDefault(sweep);

    /// <summary>The sweep if this process executes it.</summary>
    public ActiveSweep? FindActive(string sweep) => _active.GetValueOrDefault(sweep);

    /// <summary>Starts a sweep whose turn has come, as it was submitted; one that waits for no turn goes on from the store.</summary>
    /// <exception cref="SweepBusyException">This process executes it already.</exception>
    /// <exception cref="InvalidOperationException">The host is shutting down.</exception>
    public ActiveSweep Begin(string sweep)
    {
        var pending = _pending.GetValueOrDefault(sweep);
        try
        {
            var active = Launch(sweep, pending?.Request ?? new SweepRequest { Resume = sweep, IsHosted = true }, prepared: null, pending?.IsUnattended ?? true);
            pending?.Begin(active);
            return active;
        }
        catch (Exception cause)
        {
            pending?.GiveUp(cause);
            throw;
        }
        finally
        {
            // Last: a sweep that is begun is found as pending or as active at any moment.
            if (pending is not null)
                _pending.TryRemove(KeyValuePair.Create(sweep, pending));
        }
    }

    /// <summary>Ends a sweep that waits for its turn: it is executed just long enough to record that. <see langword="null"/> if it does not wait.</summary>
    public ActiveSweep? Withdraw(string sweep, string reason)
    {
        if (!_pending.TryGetValue(sweep, out var pending))
            return null;
        pending.Request.Control.Cancel(reason);
        try
        {
            return Begin(sweep);
        }
        catch (SweepBusyException)
        {
            return FindActive(sweep); // its turn came at this moment
        }
    }

    /// <summary>Gives up a sweep that waits for its turn and is gone from the store; whether it waited. Its waiters hear of that.</summary>
    public bool Forget(string sweep)
    {
        if (!_pending.TryRemove(sweep, out var pending))
            return false;
        pending.GiveUp(new SweepNotFoundException($"There is no sweep '{sweep}' any more: it was removed while it was queued."));
        return true;
    }

    /// <summary>Starts nothing from here on and asks the sweeps to end, as interrupted: they are taken up again when the host starts.</summary>
    /// <param name="level">Whether running runs may end, or are ended.</param>
    public void Shutdown(StopLevel level)
    {
        _stopping = true;
        foreach (var sweep in _active.Values)
            sweep.Control.Shutdown(level);
    }

    /// <summary>Completes when this process executes no sweep.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_active.Values.Select(s => s.Ended));

    private async Task<PendingSweep> DispatchAsync(SweepRecord sweep, SweepRequest request, bool unattended)
    {
        if (_stopping)
            throw new InvalidOperationException(ShuttingDown);
        var mine = new PendingSweep(sweep, request, unattended);
        var pending = _pending.GetOrAdd(sweep.Id, mine);
        if (!ReferenceEquals(pending, mine))
            return pending;
        try
        {
            await dispatcher!.DispatchAsync(sweep).ConfigureAwait(false);
        }
        catch
        {
            _pending.TryRemove(KeyValuePair.Create(sweep.Id, mine));
            throw;
        }

        return mine;
    }

    /// <summary>From here on the sweep is this host's, which takes it up again after a crash.</summary>
    private async Task AdoptAsync(SweepRecord sweep)
    {
        var store = await stores.GetWritableAsync().ConfigureAwait(false);
        if (sweep.IsHosted || await store.FindSweepAsync(sweep.Id, withBest: false).ConfigureAwait(false) is not var (key, _))
            return;
        await store.AppendAsync(new SweepChanged { Sweep = key, IsHosted = true, At = time.GetUtcNow() }).ConfigureAwait(false);
        await store.FlushAsync().ConfigureAwait(false);
    }
}
