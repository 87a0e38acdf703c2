using Orchestrator.Execution.Packing;

namespace Orchestrator.Tests.Execution.Packing;

/// <summary>Who goes next among equals and among unequals, exactly, on a clock of its own.</summary>
public sealed class FairShareTests
{
    private readonly Packer _packer = new();

    /// <summary>Shares are of time, not of runs: one sweep's runs take seven times as long as the other's.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Next_TwoThatAlwaysWant_GetEqualTimeHoweverLongTheirRunsAre(int slots)
    {
        var pool = Pool(slots);
        var quick = Lane(pool, int.MaxValue);
        var slow = Lane(pool, int.MaxValue);

        Simulate(20_000, lane => lane == quick ? 1 : 7);

        Assert.InRange(quick.Used / (quick.Used + slow.Used), 0.495, 0.505);
    }

    [Fact]
    public void Next_ThreeOfWhomOneComesLate_SharesFromThenOn()
    {
        var pool = Pool(2);
        PackingLane[] early = [Lane(pool, int.MaxValue), Lane(pool, int.MaxValue)];
        Simulate(6_000, _ => 1);
        var late = Lane(pool, int.MaxValue);
        var before = _time[early[0]];

        Simulate(12_000, _ => 1);

        // A third of two slots each, from now on: nobody catches up on the time when it was not there.
        Assert.InRange(_time[early[0]] - before, 7_900, 8_100);
        Assert.InRange(_time[late], 7_900, 8_100);
    }

    [Fact]
    public void Next_HigherPriority_GoesFirstUntilItWantsNoMore()
    {
        var pool = Pool(2);
        Lane(pool, int.MaxValue);
        var urgent = Lane(pool, 40);
        urgent.Priority = 1;

        Simulate(20, _ => 1);

        Assert.All(_begun.Take(40), lane => Assert.Same(urgent, lane));
        Assert.DoesNotContain(urgent, _begun.Skip(40));
    }

    private readonly PriorityQueue<(PackingLane Lane, Placement Placement, double Seconds), (double End, long Order)> _running = new();
    private readonly Dictionary<PackingLane, double> _time = [];
    private readonly List<PackingLane> _begun = [];
    private double _now;

    /// <summary>So many seconds of it.</summary>
    private void Simulate(double until, Func<PackingLane, double> seconds)
    {
        until += _now;
        while (_now < until)
        {
            while (_packer.Next(out var placement) is { } lane)
            {
                _begun.Add(lane);
                ((TestLane)lane).Count--;
                _running.Enqueue((lane, placement, seconds(lane)), (_now + seconds(lane), _begun.Count));
            }

            _running.TryDequeue(out var ended, out var at);
            _now = at.End;
            _time[ended.Lane] = _time.GetValueOrDefault(ended.Lane) + ended.Seconds;
            _packer.Free(ended.Lane, ended.Placement, ended.Seconds);
        }
    }

    private TestLane Lane(ResourcePool pool, int count)
    {
        var lane = new TestLane(pool, new ResourceRequest(0, 0, 1, 0)) { Count = count };
        _packer.Enter(lane);
        return lane;
    }

    private static ResourcePool Pool(int slots) => new("p", new Budget(slots, isDeclared: true), new Budget(long.MaxValue, isDeclared: false));
}
