using System.Diagnostics.CodeAnalysis;
using Orchestrator.Execution;

namespace Orchestrator.Sweeps;

/// <summary>Runs that wait for their next attempt. One timer for all; nothing polls.</summary>
internal sealed class RetrySchedule : IDisposable
{
    private readonly PriorityQueue<RunTicket, DateTimeOffset> _delayed = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public RetrySchedule(TimeProvider time, Action wake)
    {
        _time = time;
        _timer = time.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => _delayed.Count;

    public void Add(RunTicket ticket, TimeSpan delay)
    {
        _delayed.Enqueue(ticket, _time.GetUtcNow() + delay);
        SetTimer();
    }

    public bool TryTakeDue([NotNullWhen(true)] out RunTicket? ticket)
    {
        if (!_delayed.TryPeek(out ticket, out var due) || due > _time.GetUtcNow())
            return false;
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

    public void Dispose() => _timer.Dispose();

    private void SetTimer()
    {
        var wait = _delayed.TryPeek(out _, out var due) ? due - _time.GetUtcNow() : Timeout.InfiniteTimeSpan;
        if (wait != Timeout.InfiniteTimeSpan && wait < TimeSpan.Zero)
            wait = TimeSpan.Zero;
        // Rounded up: a timer that fires a moment early would find nothing due and never fire again.
        _timer.Change(wait == Timeout.InfiniteTimeSpan ? wait : wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
