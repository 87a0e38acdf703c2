using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Execution;
using Orchestrator.Execution.Devices;
using Orchestrator.Execution.Packing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

public sealed class FairRunQueueTests
{
    private readonly ManualTime _time = new();
    private readonly RunAllotment _place = RunAllotment.Anywhere();
    private readonly FairRunQueue _queue;

    public FairRunQueueTests() => _queue = new FairRunQueue(_time);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 1, 10)]
    [InlineData(3, 7, 2)]
    public void TryTake_TwoSweeps_ShareTheWorkersTimeEqually(int workers, int secondsOfA, int secondsOfB)
    {
        var (a, b) = (Sweep(), Sweep());
        Fill(a, 4000);
        Fill(b, 4000);
        var busy = new PriorityQueue<RunTicket, DateTimeOffset>();
        for (var i = 0; i < workers; i++)
            Take(busy);

        for (var i = 0; i < 1000; i++)
        {
            busy.TryDequeue(out var done, out var at);
            _time.Advance(at - _time.GetUtcNow());
            _queue.Release(done!.Grant!);
            Take(busy);
        }

        Assert.InRange(a.Lane.Used / b.Lane.Used, 0.9, 1.1);

        void Take(PriorityQueue<RunTicket, DateTimeOffset> into)
        {
            Assert.True(_queue.TryTake(out var ticket));
            into.Enqueue(ticket, _time.GetUtcNow() + TimeSpan.FromSeconds(ticket.Sweep == a ? secondsOfA : secondsOfB));
        }
    }

    [Fact]
    public void TryTake_HigherPriority_GoesFirst()
    {
        var (low, high) = (Sweep(), Sweep());
        high.Lane.Priority = 5;
        Fill(low, 3);
        Fill(high, 3);

        Assert.Equal([high, high, high, low, low, low], Enumerable.Range(0, 6).Select(_ => TakeAny().Sweep));
    }

    [Fact]
    public void TryTake_LimitOfASweep_IsHeldUntilARelease()
    {
        var (limited, other) = (Sweep(), Sweep());
        limited.Lane.Limit = 1;
        limited.Lane.Priority = 1;
        Fill(limited, 2);
        Fill(other, 2);

        var first = TakeAny();
        Assert.Same(limited, first.Sweep);
        Assert.Same(other, TakeAny().Sweep);
        _queue.Release(first.Grant!);
        Assert.Same(limited, TakeAny().Sweep);
    }

    [Fact]
    public void TryTake_ASweepThatComesLater_HasNoClaimOnThePast()
    {
        var (early, late) = (Sweep(), Sweep());
        Fill(early, 100);
        for (var i = 0; i < 50; i++)
        {
            var ticket = TakeAny();
            _time.Advance(TimeSpan.FromSeconds(1));
            _queue.Release(ticket.Grant!);
        }

        Fill(late, 100);
        var taken = new List<SweepExecution>();
        for (var i = 0; i < 20; i++)
        {
            var ticket = TakeAny();
            taken.Add(ticket.Sweep);
            _time.Advance(TimeSpan.FromSeconds(1));
            _queue.Release(ticket.Grant!);
        }

        Assert.InRange(taken.Count(s => s == early), 9, 11);
    }

    [Fact]
    public async Task Close_WaitingWorkers_EndWhenTheQueueIsEmpty()
    {
        var sweep = Sweep();
        var worker = Task.Run(() =>
        {
            var count = 0;
            while (_queue.TryTake(out var ticket))
            {
                count++;
                _queue.Release(ticket.Grant!);
            }

            return count;
        });
        Fill(sweep, 10);
        _queue.Close();

        Assert.Equal(10, await worker);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 10)]
    [InlineData(0.25, 7, 2)]
    [InlineData(2, 3, 3)]
    public void TryTake_TwoSweepsOnOnePoolOfGpus_ShareItEqually(double gpus, int secondsOfA, int secondsOfB)
    {
        var place = Gpus(gpus);
        var (a, b) = (Sweep(place), Sweep(place));
        Fill(a, 4000);
        Fill(b, 4000);
        var busy = new PriorityQueue<RunTicket, DateTimeOffset>();
        for (var i = 0; i < place.MostAtOnce(isAsked: false); i++)
            Take();

        for (var i = 0; i < 2000; i++)
        {
            busy.TryDequeue(out var done, out var at);
            _time.Advance(at - _time.GetUtcNow());
            _queue.Release(done!.Grant!);
            Take();
        }

        Assert.InRange(a.Lane.Used / b.Lane.Used, 0.9, 1.1);

        void Take()
        {
            Assert.True(_queue.TryTake(out var ticket));
            busy.Enqueue(ticket, _time.GetUtcNow() + TimeSpan.FromSeconds(ticket.Sweep == a ? secondsOfA : secondsOfB));
        }
    }

    [Fact]
    public async Task TryTake_LargeRunAmongAStreamOfSmallOnes_StartsWithinTheBound()
    {
        var place = Gpus(1);
        var (small, large) = (Sweep(place), Sweep(place with { Request = place.Request with { Devices = 8 } }));
        var running = Channel.CreateUnbounded<TaskCompletionSource>();
        var started = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        Fill(small, 10_000);
        var workers = Enumerable.Range(0, 9).Select(_ => Task.Factory.StartNew(Work, TaskCreationOptions.LongRunning)).ToArray();
        var first = await running.Reader.ReadAsync();
        Fill(large, 1);
        var generation = place.Pool.Generation;

        first.SetResult();
        while (!started.Task.IsCompleted)
        {
            if (running.Reader.TryRead(out var oldest))
                oldest.SetResult();
            else
                await Task.WhenAny(started.Task, running.Reader.WaitToReadAsync().AsTask());
        }

        _queue.Withdraw(small.Lane);
        _queue.Close();
        running.Writer.Complete();
        await foreach (var left in running.Reader.ReadAllAsync())
            left.SetResult();
        await Task.WhenAll(workers);
        // Generations, not runs: how many of those pass in one depends on which worker is quick.
        Assert.InRange(await started.Task - generation, 0, Packer.Patience + 6);

        void Work()
        {
            while (_queue.TryTake(out var ticket))
            {
                if (ticket.Sweep == large)
                {
                    started.SetResult(place.Pool.Generation);
                }
                else
                {
                    var end = new TaskCompletionSource();
                    if (running.Writer.TryWrite(end))
                        end.Task.Wait();
                }

                _queue.Release(ticket.Grant!);
            }
        }
    }

    [Fact]
    public void Release_TheSameGrantTwice_GivesBackOnce()
    {
        var sweep = Sweep();
        Fill(sweep, 1);
        var ticket = TakeAny();
        var first = ticket.Grant!;
        _queue.Enqueue(ticket); // its next attempt begins before the worker of this one is told to be free
        var second = TakeAny().Grant!;

        _queue.Release(first);
        _queue.Release(first);

        Assert.NotSame(first, second);
        Assert.Equal(1, sweep.Lane.Running);
        Assert.Equal(1, sweep.Lane.Pool.Running);
    }

    [Fact]
    public void Withdraw_WhatNobodyTook_ComesBack()
    {
        var sweep = Sweep();
        Fill(sweep, 3);
        TakeAny();

        Assert.Equal([1, 2], _queue.Withdraw(sweep.Lane).Select(t => t.Number));
        Assert.Empty(_queue.Withdraw(sweep.Lane));
    }

    [Theory]
    [InlineData(5L << 30)]
    [InlineData(null)]
    public void TryTake_TicketThatIsToBeAlone_HasAllMemoryOfThePoolAndNobodyBeside(long? memory)
    {
        var pool = new DevicePool("p", GpuSelection.None, new Budget(4, isDeclared: true), new Budget(64L << 30, isDeclared: true));
        var sweep = Sweep(pool.Allot(new RunResources { Memory = memory }));
        Fill(sweep, 2);
        _queue.Enqueue(Ticket(sweep, 7, isAlone: true));
        _queue.Enqueue(Ticket(sweep, 8, isAlone: true));
        Assert.False(_queue.IsShared);

        foreach (var number in (int[])[7, 8])
        {
            var alone = TakeAny();
            Assert.Equal((number, true, memory is null ? null : 64L << 30), (alone.Number, alone.Grant!.IsAlone, alone.Grant.MemoryBytes));
            Assert.Equal((1, 0L), (pool.Packing.Running, pool.Packing.Memory.Free));
            _queue.Release(alone.Grant);
        }

        var beside = TakeAny();
        Assert.Equal((false, memory), (beside.Grant!.IsAlone, beside.Grant.MemoryBytes));
    }

    [Fact]
    public void Withdraw_TicketsThatAreToBeAlone_ComeBackToo()
    {
        var sweep = Sweep();
        Fill(sweep, 2);
        TakeAny();
        _queue.Enqueue(Ticket(sweep, 7, isAlone: true));

        Assert.Equal([1, 7], _queue.Withdraw(sweep.Lane).Select(t => t.Number));
        Assert.Empty(_queue.Withdraw(sweep.Lane));
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 8)]
    public void Widen_CpusThatWereOnlyCounted_GiveWayToWhoAsks(bool isAsked, int most)
    {
        var pool = new ResourcePool("p", new Budget(4, isDeclared: false), new Budget(1, isDeclared: false));
        var lane = new RunLane(new RunAllotment(pool, new ResourceRequest(0, 0, 1, 0), [], 1, null));

        Assert.Equal(8, _queue.Widen(lane, 8, isAsked));

        Assert.Equal((8, most), (pool.Slots, (int)pool.Cpus.Free));
    }

    private static RunAllotment Gpus(double share)
    {
        var pool = new DevicePool("gpu", GpuSelection.None, new Budget(128, isDeclared: true), new Budget(1L << 40, isDeclared: true));
        pool.Equip(GpuSelection.Parse("8x80GiB")!.Pretended);
        return pool.Allot(new RunResources { Gpus = share });
    }

    private RunTicket TakeAny()
    {
        Assert.True(_queue.TryTake(out var ticket));
        return ticket;
    }

    private void Fill(SweepExecution sweep, int count)
    {
        for (var i = 0; i < count; i++)
            _queue.Enqueue(Ticket(sweep, i, isAlone: false));
    }

    private static RunTicket Ticket(SweepExecution sweep, long number, bool isAlone) =>
        new() { Sweep = sweep, Number = number, Proposal = number, Replicate = 0, Seed = 0, Name = "", Parameters = ParameterSet.Empty, IsAlone = isAlone };

    private SweepExecution Sweep(RunAllotment? place = null) => new()
    {
        Key = 1,
        Id = "s",
        Name = "s",
        Project = "p",
        Home = "/",
        Definition = new SweepDefinition(),
        Metric = Metric.Minimize("loss"),
        Trainable = TrainableRunner.OfDelegate("none", (_, _) => Task.CompletedTask),
        Place = ThreadPlace.Instance,
        Trackers = [],
        Services = new ServiceCollection().BuildServiceProvider(),
        Store = null!,
        Events = Channel.CreateUnbounded<SweepEvent>().Writer,
        Lane = new RunLane(place ?? _place),
    };
}
