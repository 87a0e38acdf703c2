using Orchestrator.Execution.Packing;
using Orchestrator.Numerics;

namespace Orchestrator.Tests.Execution.Packing;

/// <summary>Requests that are to be alone: never beside another, never passed over for ever, and nobody waits for them longer than for any large one.</summary>
public sealed class PackerAloneTests
{
    private static readonly ResourceRequest Small = new(0, 0, 1, 0);

    private readonly Packer _packer = new();
    private readonly Queue<(TestLane Lane, Placement Placement)> _running = new();
    private readonly List<TestLane> _started = [];

    [Fact]
    public void Next_Alone_WaitsUntilNothingRunsAndLetsNothingStart()
    {
        var pool = Pool();
        var small = Lane(pool, Small, 2);
        Start();
        var alone = Alone(small, 1);
        Start();
        Assert.Equal((2, 0), (small.Running, alone.Running));

        EndOne();
        EndOne();
        Assert.Equal(1, alone.Running);
        var other = Lane(pool, Small, 3);
        Start();
        Assert.Equal((1, 0), (alone.Running, other.Running));

        EndOne();
        Assert.Equal((0, 3), (alone.Running, other.Running));
    }

    [Theory]
    [InlineData(true, false, 0)]
    [InlineData(false, true, 0)]
    [InlineData(true, true, 0)]
    [InlineData(false, false, 1)]
    public void Next_AloneInAPool_IsAloneInThoseThatShareProcessorsOrMemory(bool sharesCpus, bool sharesMemory, int runsBeside)
    {
        var pool = Pool();
        var other = new ResourcePool("b", sharesCpus ? pool.Cpus : Cpus(), sharesMemory ? pool.Memory : Memory());
        Alone(Lane(pool, Small, 0), 1);
        Start();

        var beside = Lane(other, Small, 1);
        Start();
        Assert.Equal(runsBeside, beside.Running);

        EndOne();
        Assert.Equal(1, beside.Running);
        var again = Alone(Lane(pool, Small, 0), 1);
        Start();
        Assert.Equal(runsBeside, again.Running);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Next_AloneAmongAnEndlessStream_StartsWithinTheBound(bool isStreamElsewhere)
    {
        var pool = Pool();
        var stream = Lane(isStreamElsewhere ? new ResourcePool("b", pool.Cpus, Memory()) : pool, Small, int.MaxValue);
        Start();
        var width = _running.Count;
        var alone = Alone(isStreamElsewhere ? Lane(pool, Small, 0) : stream, 1);

        var ends = 0;
        for (; alone.Running == 0; ends++)
        {
            Assert.InRange(ends, 0, width * (Packer.Patience + 4));
            EndOne();
        }

        Assert.Single(_running);
        Assert.InRange(ends, width * Packer.Patience, int.MaxValue);
        EndOne();
        Assert.Equal(width, stream.Running);
    }

    [Fact]
    public void Next_AloneBehindPoolsThatTakeTurns_WhatItWaitedBehindTheFirstCounts()
    {
        var pool = Pool();
        var first = Lane(new ResourcePool("b", pool.Cpus, Memory()), Small, int.MaxValue);
        Start();
        var width = _running.Count;
        var alone = Alone(Lane(pool, Small, 0), 1);
        var ends = 0;
        for (; ends < width * Packer.Patience / 2; ends++)
            EndOne();

        first.Count = 0;
        _ = Lane(new ResourcePool("c", pool.Cpus, Memory()), Small, int.MaxValue);
        for (; alone.Running == 0; ends++)
        {
            Assert.InRange(ends, 0, width * (Packer.Patience + 4));
            EndOne();
        }

        Assert.InRange(ends, width * (Packer.Patience - 1), int.MaxValue); // a pool that was empty has its first generation early
    }

    [Fact]
    public void Next_AloneBehindTwoPoolsAtOnce_StartsWithinTheBound()
    {
        var pool = Pool();
        _ = Lane(new ResourcePool("b", pool.Cpus, Memory()), Small, int.MaxValue);
        _ = Lane(new ResourcePool("c", pool.Cpus, Memory()), Small, int.MaxValue);
        Start();
        var width = _running.Count;
        var alone = Alone(Lane(pool, Small, 0), 1);

        for (var ends = 0; alone.Running == 0; ends++)
        {
            Assert.InRange(ends, 0, width * (Packer.Patience + 4));
            EndOne();
        }

        Assert.Single(_running);
    }

    [Fact]
    public void Next_SeveralAloneOfASweep_ShareOneEmptying()
    {
        var small = Lane(Pool(), Small, int.MaxValue);
        Start();
        var alone = Alone(small, 3);
        while (alone.Running == 0)
            EndOne();

        _started.Clear();
        EndOne();
        EndOne();
        EndOne();

        Assert.Equal([alone, alone], _started.Take(2));
        Assert.All(_started.Skip(2), l => Assert.Same(small, l));
        Assert.Equal(8, small.Running);
    }

    [Fact]
    public void Next_AloneOfTwoSweeps_NeitherStarvesAnybody()
    {
        var pool = Pool();
        var (a, b, c) = (Lane(pool, Small, int.MaxValue), Lane(pool, Small, int.MaxValue), Lane(pool, Small, int.MaxValue));
        Start();
        var (aloneA, aloneB) = (Alone(a, 20), Alone(b, 20));
        var random = new SeededRandom(5);
        var (idle, longest, most) = (new Dictionary<TestLane, int>(), 0, 0);
        for (var ends = 0; aloneA.Count + aloneB.Count > 0; ends++)
        {
            Assert.InRange(ends, 0, 100_000);
            _started.Clear();
            EndOne(0.5 + random.NextDouble());
            foreach (var lane in (TestLane[])[a, b, c])
            {
                idle[lane] = _started.Contains(lane) ? 0 : idle.GetValueOrDefault(lane) + 1;
                longest = Math.Max(longest, idle[lane]);
            }

            most = Math.Max(most, _running.Count(r => r.Lane.Request.IsAlone));
            Assert.False(_running.Count > 1 && _running.Any(r => r.Lane.Request.IsAlone));
        }

        Assert.Equal(1, most);
        Assert.InRange(longest, 1, 8 * (Packer.Patience + 3 + 5));
        // The account is the sweep's: who runs alone pays for the whole pool, and the one that never does has no less than the others.
        while (_running.Any(r => r.Lane.Request.IsAlone))
            EndOne();
        Assert.InRange(a.Used / c.Used, 0.8, 1.25);
        Assert.InRange(b.Used / c.Used, 0.8, 1.25);
    }

    [Fact]
    public void Next_AloneOfAHigherPriority_IsNotPassed()
    {
        var pool = Pool();
        var low = Lane(pool, Small, int.MaxValue);
        Start();
        var high = Lane(pool, Small, 0);
        high.Priority = 1;
        var alone = Alone(high, 1);
        Assert.Equal(1, alone.Priority);

        var ends = 0;
        for (; alone.Running == 0; ends++)
            EndOne();

        Assert.InRange(ends, 8, 8 * (Packer.Patience + 3));
        Assert.Equal(0, low.Running);
    }

    [Fact]
    public void Next_AloneIsWithdrawn_NothingIsKeptForIt()
    {
        var small = Lane(Pool(), Small, int.MaxValue);
        Start();
        var alone = Alone(small, 1);
        while (!_packer.IsKeeping)
            EndOne();
        EndOne();
        Assert.Equal(7, small.Running);

        alone.Count = 0;
        _packer.Leave(alone);
        Start();

        Assert.Equal(8, small.Running);
        Assert.False(_packer.IsKeeping);
    }

    [Fact]
    public void IsShared_LanesOfOneSweep_AreOneOwner()
    {
        var pool = Pool();
        var small = Lane(pool, Small, int.MaxValue);
        var alone = Alone(small, 1);
        Assert.False(_packer.IsShared);

        var other = Alone(Lane(pool, Small, 0), 1);
        Assert.True(_packer.IsShared);
        Assert.Equal((1, 1), (alone.Count, other.Count));
    }

    [Fact]
    public void Next_DevicesAlone_HasThemAndTheRestIdles()
    {
        var pool = Pool();
        pool.Equip(4);
        var quarter = new ResourceRequest(1, ResourceRequest.UnitsOf(0.25), 0, 10);
        var small = Lane(pool, quarter, 5);
        Start();
        var alone = Alone(small, 1);
        for (var i = 0; i < 5; i++)
            EndOne();

        Assert.Equal(1, alone.Running);
        Assert.Equal(1.0, alone.Share);
        Assert.Equal(0, pool.Memory.Free);
        EndOne();
        Assert.Equal(pool.Memory.Capacity, pool.Memory.Free);
        Assert.Equal(0, _packer.Lanes);
    }

    private void EndOne(double seconds = 1)
    {
        var (lane, placement) = _running.Dequeue();
        _packer.Free(lane, placement, seconds);
        Start();
    }

    private void Start()
    {
        while (_packer.Next(out var placement) is TestLane lane)
        {
            if (lane.Count != int.MaxValue)
                lane.Count--;
            _started.Add(lane);
            _running.Enqueue((lane, placement));
        }
    }

    private TestLane Alone(TestLane owner, int count)
    {
        var lane = new TestLane(owner.Pool, owner.Request with { Memory = (long)owner.Pool.Memory.Capacity, IsAlone = true }, owner) { Count = count };
        _packer.Enter(lane);
        return lane;
    }

    private TestLane Lane(ResourcePool pool, ResourceRequest request, int count)
    {
        var lane = new TestLane(pool, request) { Count = count };
        if (count > 0)
            _packer.Enter(lane);
        return lane;
    }

    private static ResourcePool Pool() => new("a", Cpus(), Memory());

    private static Budget Cpus() => new(8, isDeclared: true);

    private static Budget Memory() => new(100, isDeclared: true);
}
