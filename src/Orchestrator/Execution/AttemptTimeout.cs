namespace Orchestrator.Execution;

/// <summary>
/// The time that an attempt has. It does not run while somebody holds it, as one that waits for another run does: it is not the waiting that the
/// limit means. Safe for concurrent use.
/// </summary>
internal sealed class AttemptTimeout(TimeProvider time, Action isOver) : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40); // TimeProvider's timers end at 49 days

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private TimeSpan _left;
    private long _since;
    private int _holds;
    private bool _disposed;

    /// <summary>The time begins; called once.</summary>
    public void Start(TimeSpan limit)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _left = limit;
            _timer = time.CreateTimer(static state => ((AttemptTimeout)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (_holds == 0)
                Run();
        }
    }

    /// <summary>The time stands still until this and all others are disposed.</summary>
    public IDisposable Hold()
    {
        lock (_gate)
        {
            if (_holds++ == 0 && _timer is { } timer && !_disposed)
            {
                _left -= time.GetElapsedTime(_since);
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        return new Held(this);
    }

    public void Dispose()
    {
        lock (_gate)
            _disposed = true;
        _timer?.Dispose();
    }

    private void GoOn()
    {
        lock (_gate)
        {
            if (--_holds == 0 && !_disposed)
                Run();
        }
    }

    private void Run()
    {
        _since = time.GetTimestamp();
        var first = _left < LongestTimer ? _left : LongestTimer;
        _timer?.Change(first > TimeSpan.Zero ? first : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_holds > 0 || _disposed)
                return;
            if (_left > LongestTimer)
            {
                _left -= time.GetElapsedTime(_since);
                Run();
                return;
            }
        }

        isOver();
    }

    private sealed class Held(AttemptTimeout timeout) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
                timeout.GoOn();
        }
    }
}
