using Orchestrator.Execution;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Execution;

public sealed class AttemptTimeoutTests
{
    private readonly ManualTime _time = new();
    private int _over;

    [Fact]
    public void Start_TimePassed_IsOverOnce()
    {
        using var timeout = New();

        timeout.Start(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, _over);
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(1, _over);
    }

    [Fact]
    public void Start_LongerThanATimerReaches_IsOverThen()
    {
        using var timeout = New();

        timeout.Start(TimeSpan.FromDays(100));
        for (var day = 0; day < 99; day++)
            _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, _over);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, _over);
    }

    [Fact]
    public void Hold_WhileItLasts_StandsStill()
    {
        using var timeout = New();
        timeout.Start(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(6));

        var first = timeout.Hold();
        var second = timeout.Hold();
        _time.Advance(TimeSpan.FromSeconds(100));
        first.Dispose();
        first.Dispose(); // once
        _time.Advance(TimeSpan.FromSeconds(100));
        second.Dispose();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, _over);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, _over);
    }

    [Fact]
    public void Hold_BeforeTheStart_CountsFromItsEnd()
    {
        using var timeout = New();

        var hold = timeout.Hold();
        timeout.Start(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(100));
        hold.Dispose();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, _over);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, _over);
    }

    [Fact]
    public void Dispose_WhileHeld_IsNeverOver()
    {
        var timeout = New();
        timeout.Start(TimeSpan.FromSeconds(10));
        var hold = timeout.Hold();

        timeout.Dispose();
        hold.Dispose();
        _time.Advance(TimeSpan.FromSeconds(100));

        Assert.Equal(0, _over);
    }

    private AttemptTimeout New() => new(_time, () => _over++);
}
