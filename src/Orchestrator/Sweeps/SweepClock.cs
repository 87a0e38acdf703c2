using Orchestrator.Execution;
using Orchestrator.Storage;

namespace Orchestrator.Sweeps;

/// <summary>How long a sweep has been executed, over all resumptions; recorded about once a second, and the end of its time.</summary>
internal sealed class SweepClock(SweepExecution sweep, ISweepStore store, TimeProvider time, double before, Action wake) : IDisposable
{
    private readonly long _begun = time.GetTimestamp();
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40); // TimeProvider's timers end at 49 days
    private double _recorded;
    private ITimer? _timer;

    public double ElapsedSeconds => before + time.GetElapsedTime(_begun).TotalSeconds;

    public bool IsOver => sweep.Definition.Limits.Duration is { } limit && ElapsedSeconds >= limit.TotalSeconds;

    /// <summary>Sets the alarm for the end of the time; again when the limit has changed.</summary>
    public void Start()
    {
        _timer?.Dispose();
        if (sweep.Definition.Limits.Duration is not { } limit)
            return;
        _timer = time.CreateTimer(_ => LookAgain(), null, WaitFor(limit), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Timers may fire a moment early, and are shorter than a duration may be.</summary>
    private void LookAgain()
    {
        if (!IsOver && sweep.Definition.Limits.Duration is { } limit)
            _timer?.Change(WaitFor(limit), Timeout.InfiniteTimeSpan);
        wake();
    }

    private TimeSpan WaitFor(TimeSpan limit)
    {
        var left = limit - TimeSpan.FromSeconds(ElapsedSeconds);
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestTimer ? left + TimeSpan.FromMilliseconds(1) : LongestTimer;
    }

    public void Record()
    {
        var sinceBegun = time.GetElapsedTime(_begun).TotalSeconds;
        if (sinceBegun - _recorded < 1)
            return;
        _recorded = sinceBegun;
        var elapsed = before + sinceBegun;
        store.Append(new SweepChanged { Sweep = sweep.Key, ElapsedSeconds = elapsed, At = time.GetUtcNow() });
    }

    public void Dispose() => _timer?.Dispose();
}
