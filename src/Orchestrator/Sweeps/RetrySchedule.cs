using System.Diagnostics.CodeAnalysis;
using Orchestrator.Execution;

namespace Orchestrator.Sweeps;

/// <summary>Runs that wait for their next attempt. One timer for all; nothing polls.</summary>
internal sealed class RetrySchedule : IDisposable
{
    private readonly PriorityQueue<RunTicket, TimeSpan> _delayed = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _begun;
    private volatile bool _fired;

    public RetrySchedule(TimeProvider time, Action wake)
    {
        _time = time;
        _begun = time.GetTimestamp();
        _timer = time.CreateTimer(
            _ =>
            {
                _fired = true;
                wake();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    public int Count => _delayed.Count;

    public void Add(RunTicket ticket, TimeSpan delay)
    {
        _delayed.Enqueue(ticket, Now + delay);
        SetTimer();
    }

    public bool TryTakeDue([NotNullWhen(true)] out RunTicket? ticket)
    {
        if (!_delayed.TryPeek(out ticket, out var due))
            return false;
        if (due > Now)
        {
            if (_fired)
                SetTimer(); // it fired a moment early (timers count coarser ticks than the clock): once more
            return false;
        }

        _delayed.Dequeue();
        SetTimer();
        return true;
    }

    public IReadOnlyList<RunTicket> TakeAll()
    {
        var all = _delayed.UnorderedItems.Select(i => i.Element).ToArray();
        _delayed.Clear();
        return all;
    }

    /// <summary>Time since the beginning: the wall clock may be set back.</summary>
    private TimeSpan Now => _time.GetElapsedTime(_begun);

    public void Dispose() => _timer.Dispose();

    private void SetTimer()
    {
        var wait = _delayed.TryPeek(out _, out var due) ? due - Now : Timeout.InfiniteTimeSpan;
        if (wait != Timeout.InfiniteTimeSpan && wait < TimeSpan.Zero)
            wait = TimeSpan.Zero;
        _fired = false;
        _timer.Change(wait == Timeout.InfiniteTimeSpan ? wait : wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
