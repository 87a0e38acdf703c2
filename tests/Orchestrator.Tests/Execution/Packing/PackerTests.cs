using System.Numerics;
using Orchestrator.Execution.Packing;
using Orchestrator.Numerics;

namespace Orchestrator.Tests.Execution.Packing;

public sealed class PackerTests
{
    private const int Whole = ResourceRequest.WholeDevice;
    private readonly Packer _packer = new();

    [Fact]
    public void Next_Fractions_FillAsFewDevicesAsPossible()
    {
        var pool = Pool(4);
        var halves = Lane(pool, Share(0.5), 3);
        var quarters = Lane(pool, Share(0.25), 2);

        var taken = TakeAll();

        Assert.Equal(5, taken.Count);
        Assert.Equal([0, 0, Whole, Whole], Enumerable.Range(0, 4).Select(pool.FreeUnits).Order());
        Assert.Equal((3, 2), (halves.Running, quarters.Running));
    }

    [Theory]
    [InlineData(1.0 / 3, 3)]
    [InlineData(1.0 / 7, 7)]
    [InlineData(0.1, 10)]
    [InlineData(0.05, 20)]
    [InlineData(0.34, 2)]
    [InlineData(0.51, 1)]
    [InlineData(0.333334, 2)]
    public void Next_Fraction_FitsAsOftenAsItAddsUpToOne(double fraction, int times)
    {
        var pool = Pool(1);
        Lane(pool, Share(fraction), 100);

        Assert.Equal(times, TakeAll().Count);
        Assert.Equal(times, pool.MostAtOnce(Share(fraction)));
    }

    [Fact]
    public void Next_WholeDevices_AreTheRunsAlone()
    {
        Lane(Pool(8), Devices(2), 10);

        var taken = TakeAll();

        Assert.Equal(4, taken.Count);
        Assert.Equal(0xFFUL, taken.Aggregate(0UL, (all, t) => all | t.Placement.Devices));
        Assert.All(taken, t => Assert.Equal(2, BitOperations.PopCount(t.Placement.Devices)));
    }

    [Fact]
    public void Next_CpusAndMemory_AreNeverExceeded()
    {
        var pool = new ResourcePool("p", new Budget(8, isDeclared: true), new Budget(100, isDeclared: true));
        Lane(pool, new ResourceRequest(0, 0, 3, 10), 10);
        Assert.Equal(2, TakeAll().Count);
        Lane(pool, new ResourceRequest(0, 0, 1, 50), 10);
        Assert.Single(TakeAll());
        Assert.Equal((1, 30), (pool.Cpus.Free, pool.Memory.Free));
    }

    [Fact]
    public void Next_SharedBudget_CountsBothPools()
    {
        var (cpus, memory) = (new Budget(4, isDeclared: false), new Budget(100, isDeclared: false));
        Lane(new ResourcePool("a", cpus, memory), new ResourceRequest(0, 0, 1, 0), 3);
        Lane(new ResourcePool("b", cpus, memory), new ResourceRequest(0, 0, 1, 0), 3);

        Assert.Equal(4, TakeAll().Count);
    }

    [Fact]
    public void Next_LargeRunAmongAnEndlessStreamOfSmallOnes_StartsWithinTheBound()
    {
        var pool = Pool(8);
        var small = Lane(pool, Devices(1), int.MaxValue);
        var large = Lane(pool, Devices(8), 0);
        var running = new Queue<(PackingLane Lane, Placement Placement)>(TakeAll());
        large.Count = 1;
        var passed = 0;

        // Each run is as long as the others: a generation is eight ends.
        for (; large.Running == 0; passed++)
        {
            var (lane, placement) = running.Dequeue();
            _packer.Free(lane, placement, 1);
            TakeAll().ForEach(running.Enqueue);
            Assert.InRange(passed, 0, 8 * (Packer.Patience + 3));
        }

        Assert.InRange(passed, 8 * Packer.Patience, int.MaxValue);
        Assert.Equal(0, small.Running);
    }

    [Fact]
    public void Next_WhatIsKept_IsNotKeptFromAHigherPriority()
    {
        var pool = Pool(2);
        Lane(pool, Devices(1), int.MaxValue);
        var large = Lane(pool, Devices(2), 0);
        var running = new Queue<(PackingLane Lane, Placement Placement)>(TakeAll());
        large.Count = 1;
        while (!_packer.IsKeeping)
            EndOne();
        var urgent = Lane(pool, Devices(1), 1);
        urgent.Priority = 1;

        EndOne();

        Assert.Equal((1, 0), (urgent.Running, large.Running));
        while (large.Running == 0)
            EndOne();

        void EndOne()
        {
            var (lane, placement) = running.Dequeue();
            _packer.Free(lane, placement, 1);
            TakeAll().ForEach(running.Enqueue);
        }
    }

    [Fact]
    public void Next_LaneForWhichSomethingIsKeptGivesUp_KeepsItNoLonger()
    {
        var pool = Pool(2);
        Lane(pool, Devices(1), int.MaxValue);
        var large = Lane(pool, Devices(2), 0);
        var running = new Queue<(PackingLane Lane, Placement Placement)>(TakeAll());
        large.Count = 1;
        while (!_packer.IsKeeping)
        {
            var (lane, placement) = running.Dequeue();
            _packer.Free(lane, placement, 1);
            TakeAll().ForEach(running.Enqueue);
        }

        large.Count = 0;
        var ended = running.Dequeue();
        _packer.Free(ended.Lane, ended.Placement, 1);

        Assert.Single(TakeAll());
        Assert.False(_packer.IsKeeping);
    }

    [Fact]
    public void Next_Slots_BoundTheRunsOfAPool()
    {
        var pool = Pool(8);
        pool.Slots = 3;
        Lane(pool, Share(0.1), 100);

        Assert.Equal(3, TakeAll().Count);
    }

    /// <summary>Anything may be asked for, started, ended, withdrawn: a second set of books never finds anything given twice.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Next_AnyHistory_NeverGivesTwiceAndEndsEmpty(long seed)
    {
        var random = new SeededRandom(seed);
        var (cpus, memory) = (new Budget(16, isDeclared: true), new Budget(64, isDeclared: true));
        ResourcePool[] pools = [new("a", cpus, memory), new("b", cpus, memory)];
        pools[0].Equip(5);
        pools[1].Equip(3);
        var lanes = new List<TestLane>();
        for (var i = 0; i < 12; i++)
        {
            var pool = pools[i % 2];
            var request = random.NextInt64(3) switch
            {
                0 => Devices(1 + (int)random.NextInt64(pool.Devices)),
                1 => Share(0.1 + (random.NextDouble() * 0.8)),
                _ => new ResourceRequest(0, 0, 1 + (int)random.NextInt64(16), random.NextInt64(65)),
            };
            lanes.Add(new TestLane(pool, request with { Cpus = Math.Max(1, request.Cpus) }) { Priority = (int)random.NextInt64(2) });
            if (i % 4 == 3)
                lanes.Add(new TestLane(pool, lanes[^1].Request with { Memory = (long)memory.Capacity, IsAlone = true }, lanes[^1]));
        }

        var running = new List<(PackingLane Lane, Placement Placement)>();
        for (var step = 0; step < 20_000; step++)
        {
            var lane = lanes[(int)random.NextInt64(lanes.Count)];
            switch (random.NextInt64(10))
            {
                case < 4:
                    if (lane.IsIdle)
                        _packer.Enter(lane);
                    lane.Count++;
                    break;
                case < 9 when running.Count > 0:
                    var index = (int)random.NextInt64(running.Count);
                    _packer.Free(running[index].Lane, running[index].Placement, random.NextDouble());
                    running.RemoveAt(index);
                    break;
                case 9 when random.NextInt64(20) == 0:
                    lane.Count = 0;
                    if (lane.IsIdle)
                        _packer.Leave(lane);
                    break;
            }

            running.AddRange(TakeAll());
            Check(running, cpus, memory);
        }

        while (running.Count > 0)
        {
            _packer.Free(running[0].Lane, running[0].Placement, 1);
            running.RemoveAt(0);
            running.AddRange(TakeAll());
        }

        Assert.False(_packer.HasWaiting);
        Assert.Equal(0, _packer.Lanes);
        Assert.Equal((16, 64), (cpus.Free, memory.Free));
        Assert.All(pools, p => Assert.All(Enumerable.Range(0, p.Devices), d => Assert.Equal(Whole, p.FreeUnits(d))));
    }

    [Fact]
    public void Next_AndFree_AllocateNothing()
    {
        var pool = Pool(8);
        Lane(pool, Devices(1), int.MaxValue);
        Lane(pool, Share(0.5), int.MaxValue);
        Lane(pool, Devices(8), int.MaxValue);
        var lane = _packer.Next(out var placement)!;
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            _packer.Free(lane, placement, 1);
            lane = _packer.Next(out placement)!;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void TryTakeOut_Device_GetsNoFurtherRun(double fraction)
    {
        var pool = Pool(3);
        var lane = Lane(pool, Share(fraction), 100);

        Assert.True(_packer.TryTakeOut(lane, 1));
        Assert.False(_packer.TryTakeOut(lane, 1));

        var taken = TakeAll();
        Assert.Equal((int)(2 / fraction), taken.Count);
        Assert.Equal(0b101UL, taken.Aggregate(0UL, (all, t) => all | t.Placement.Devices));
        Assert.Equal(2, pool.InService);
    }

    [Fact]
    public void TryTakeOut_LastDevice_StaysInService()
    {
        var pool = Pool(2);
        var lane = Lane(pool, Devices(1), 1);

        Assert.True(_packer.TryTakeOut(lane, 0));
        Assert.False(_packer.TryTakeOut(lane, 1));
        Assert.Equal(0b10UL, Assert.Single(TakeAll()).Placement.Devices);
    }

    [Fact]
    public void TryTakeOut_SomebodyHereNeedsAll_StaysInService()
    {
        var pool = Pool(2);
        var lane = Lane(pool, Devices(1), 1);
        Lane(pool, Devices(2), 1);

        Assert.False(_packer.TryTakeOut(lane, 0));
    }

    [Fact]
    public void Enter_RunThatNeedsMoreThanAreLeft_BringsThemBack()
    {
        var pool = Pool(2);
        Assert.True(_packer.TryTakeOut(Lane(pool, Devices(1), 0), 0));

        Lane(pool, Devices(2), 1);

        Assert.Equal(0b11UL, Assert.Single(TakeAll()).Placement.Devices);
    }

    [Fact]
    public void TryTakeOut_DeviceThatIsKept_AnotherIsKeptInstead()
    {
        var pool = Pool(3);
        var small = Lane(pool, Share(0.5), int.MaxValue);
        var large = Lane(pool, Devices(2), 0);
        var running = new Queue<(PackingLane Lane, Placement Placement)>(TakeAll());
        large.Count = 1;
        while (!_packer.IsKeeping || Used() == 0b111)
            EndOne();

        var used = Used();
        var idle = BitOperations.TrailingZeroCount(~used); // it idles because it is kept
        Assert.True(_packer.TryTakeOut(small, idle));
        for (var ends = 0; large.Running == 0; ends++)
        {
            Assert.InRange(ends, 0, 12);
            EndOne();
        }

        Assert.Equal(used, running.Single(r => r.Lane == large).Placement.Devices);

        ulong Used() => running.Aggregate(0UL, (all, r) => all | r.Placement.Devices);

        void EndOne()
        {
            var (lane, placement) = running.Dequeue();
            _packer.Free(lane, placement, 1);
            TakeAll().ForEach(running.Enqueue);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void Next_RunThatAvoidsADevice_GoesThereLast(double fraction)
    {
        Lane(Pool(3), Share(fraction), 100).Avoiding = 0b001;

        var order = TakeAll().ConvertAll(t => t.Placement.Devices);

        Assert.Equal((int)(3 / fraction), order.Count);
        Assert.Equal(order.Count - (int)(1 / fraction), order.IndexOf(0b001));
    }

    private static void Check(List<(PackingLane Lane, Placement Placement)> running, Budget cpus, Budget memory)
    {
        Assert.InRange(running.Sum(r => r.Lane.Request.Cpus), 0, cpus.Capacity);
        Assert.InRange(running.Sum(r => r.Lane.Request.Memory), 0, memory.Capacity);
        Assert.False(running.Count > 1 && running.Exists(r => r.Lane.Request.IsAlone));
        foreach (var pool in running.GroupBy(r => r.Lane.Pool))
        {
            for (var device = 0; device < pool.Key.Devices; device++)
            {
                var used = pool.Where(r => (r.Placement.Devices >> device & 1) != 0).Sum(r => (long)r.Lane.Request.Units);
                Assert.InRange(used, 0, Whole);
                Assert.Equal(Whole - used, pool.Key.FreeUnits(device));
            }
        }
    }

    private List<(PackingLane Lane, Placement Placement)> TakeAll()
    {
        var taken = new List<(PackingLane, Placement)>();
        while (_packer.Next(out var placement) is { } lane)
        {
            taken.Add((lane, placement));
            if (((TestLane)lane).Count != int.MaxValue)
                ((TestLane)lane).Count--;
        }

        return taken;
    }

    private TestLane Lane(ResourcePool pool, ResourceRequest request, int count)
    {
        var lane = new TestLane(pool, request) { Count = count };
        _packer.Enter(lane);
        return lane;
    }

    private static ResourcePool Pool(int devices)
    {
        var pool = new ResourcePool("p", new Budget(1000, isDeclared: true), new Budget(long.MaxValue, isDeclared: true));
        pool.Equip(devices);
        return pool;
    }

    private static ResourceRequest Devices(int count) => new(count, Whole, 1, 0);

    private static ResourceRequest Share(double fraction) => new(1, ResourceRequest.UnitsOf(fraction), 1, 0);
}
