using System.Collections.Concurrent;
using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task Append_EightThreads_AppliesAllInEachThreadsOrder()
    {
        const int Threads = 8;
        const int Each = 300;
        var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var number = (t * Each) + i;
                Store.Append(Queued(Sweep, number));
                Store.Append(Started(Sweep, number)); // refused unless it comes after
                Store.Append(Ended(Sweep, number, objective: number));
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        await Store.FlushAsync();

        Assert.Equal(new RunCounts(Completed: Threads * Each), await CountsAsync());
        var events = await Store.EventsAsync("s1").ToListAsync();
        Assert.Equal((Threads * Each * 3) + 1, events.Count);
        Assert.Equal(events.Select(e => e.Sequence).Order().Distinct(), events.Select(e => e.Sequence));
        Assert.All(
            events.Where(e => e.RunNumber is not null).GroupBy(e => e.RunNumber),
            of => Assert.Equal(["run.queued", "run.running", "run.completed"], of.Select(e => e.Kind)));
        var firsts = events.Where(e => e.Kind == "run.queued").GroupBy(e => e.RunNumber / Each);
        Assert.All(firsts, of => Assert.Equal(of.Select(e => e.RunNumber).Order(), of.Select(e => e.RunNumber)));
    }

    [Fact]
    public async Task Events_AfterASequence_GiveTheRest()
    {
        await Store.RunAsync(Sweep, 0, objective: 1);
        var all = await Store.EventsAsync("s1").ToListAsync();

        Assert.Equal(all.Skip(2), await Store.EventsAsync("s1", all[1].Sequence).ToListAsync());
        Assert.Empty(await Store.EventsAsync("s1", all[^1].Sequence).ToListAsync());
        Assert.Empty(await Store.EventsAsync("nobody").ToListAsync());
        Assert.Equal([Epoch, At(0), At(10), At(20)], all.Select(e => e.At));
    }

    [Fact]
    public async Task Events_OfTwoSweeps_ShareOneSequence()
    {
        var other = await Store.CreateSweepAsync(StoreBuilders.Sweep("s2"));
        Store.Append(Queued(Sweep, 0));
        Store.Append(Queued(other, 0));
        Store.Append(Queued(Sweep, 1));
        await Store.FlushAsync();

        var both = (await Store.EventsAsync("s1").ToListAsync()).Concat(await Store.EventsAsync("s2").ToListAsync()).ToList();
        Assert.Equal([1, 2, 3, 4, 5], both.Select(e => e.Sequence).Order());
    }

    [Fact]
    public async Task Committed_WhenTold_TheChangeIsRead()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await Store.RunAsync(Sweep, i, objective: i));
            Assert.Equal(RunState.Completed, (await Store.FindRunAsync("s1", i))!.State);
        }
    }

    [Fact]
    public async Task Committed_Throws_HarmsNobodyElse()
    {
        var bad = new ChangeTold(() => throw new InvalidOperationException("bad callback")) { Sweep = Sweep, State = SweepState.Running, At = Epoch };
        Store.Append(bad);

        Assert.True(await Store.RunAsync(Sweep, 0, objective: 1));
        Assert.Equal(SweepState.Running, (await Store.FindSweepAsync("s1"))!.Value.Sweep.State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a lone \uD800 surrogate, a \0 and a \uFFFF")]
    [InlineData(null)]
    public async Task Text_OfAnyKind_IsStoredAndHarmsNobody(string? given)
    {
        var text = given ?? new string('ä', 300_000);
        Store.Append(new RunQueued
        {
            Run = new(Sweep, 0),
            Name = text,
            Proposal = 0,
            Replicate = 0,
            Seed = 0,
            Parameters = new([new(text, text)]),
            At = Epoch,
        });
        Store.Append(new AttemptStarted { Run = new(Sweep, 0), Attempt = 1, Lease = 7, Worker = text, Device = text, At = Epoch });
        var reports = Reports(Sweep, 0, 1, Point(text, 0, 1));
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, RunState.Failed, failure: Failure with { Message = text, LogTail = text }, reports: reports)));

        var run = await FindAsync(0);
        var stored = text.Replace('\uD800', '\uFFFD');
        Assert.Equal((stored, stored), (run.Parameters.Single().Value.AsText(), run.Failure!.Message));
        if (!text.Contains('\0', StringComparison.Ordinal)) // as JSON anything survives; a name may end there
            Assert.Equal((stored, stored, stored, stored), (run.Name, run.Worker, run.Device, run.Metrics.Single().Key));
    }

    [Fact]
    public async Task Dispose_WhatWasAppended_IsThereAfterReopening()
    {
        for (var i = 0; i < 500; i++)
            _ = Store.RunAsync(Sweep, i, objective: i, reports: Reports(Sweep, i, 1, Point("loss", 0, i)));
        await Store.FlushAsync();
        for (var i = 500; i < 1000; i++)
            Store.Append(Queued(Sweep, i));
        await Store.DisposeAsync(); // nothing was flushed: disposing writes it
        await Store.DisposeAsync();

        var again = await OpenAnotherAsync();
        var sweep = (await again.FindSweepAsync("s1"))!.Value;
        Assert.Equal((Sweep, new RunCounts(Queued: 500, Completed: 500)), (sweep.Key, sweep.Sweep.Counts));
        Assert.Equal(1000, await again.QueryRunsAsync(new() { Sweep = "s1" }).ToListAsync() is var runs ? runs.Count : 0);
        Assert.Equal(2001, (await again.EventsAsync("s1").ToListAsync()).Count);
        Assert.True(await again.RunAsync(Sweep, 1000, objective: -1));
        Assert.Equal(1000, (await again.FindSweepAsync("s1"))!.Value.Sweep.Best!.Number);
    }

    [Fact]
    public async Task Dispose_ThenAppend_Throws()
    {
        await Store.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => Store.Append(Queued(Sweep, 0)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Store.AppendAsync(Queued(Sweep, 0)).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(Store.FlushAsync);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Store.FindSweepAsync("s1"));
    }

    [Fact]
    public async Task TwoStores_WriteAtOnce_LoseNothing()
    {
        var stores = new[] { Store, await OpenAnotherAsync() };
        var sweeps = new[] { Sweep, await stores[1].CreateSweepAsync(StoreBuilders.Sweep("s2")) };
        var answers = new ConcurrentBag<Task<bool>>();
        var reading = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            while (!reading.IsCancellationRequested)
                Assert.NotNull(await Store.FindSweepAsync("s2"));
        });
        await Task.WhenAll(stores.Select((store, s) => Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                answers.Add(store.RunAsync(sweeps[s], i, objective: i, reports: Reports(sweeps[s], i, 1, Point("m" + (i % 5), 0, i))));
                if (i % 50 == 0)
                    await store.FlushAsync();
            }

            await store.FlushAsync();
        })));
        await reading.CancelAsync();
        await reader;

        Assert.All(await Task.WhenAll(answers), Assert.True);
        foreach (var id in (string[])["s1", "s2"])
        {
            Assert.Equal(new RunCounts(Completed: 300), (await Store.FindSweepAsync(id))!.Value.Sweep.Counts);
            Assert.Equal(901, (await Store.EventsAsync(id).ToListAsync()).Count);
        }

        var sequences = (await Store.EventsAsync("s1").ToListAsync()).Concat(await Store.EventsAsync("s2").ToListAsync()).Select(e => e.Sequence);
        Assert.Equal(1802, sequences.Distinct().Count());
    }

    [Fact]
    public async Task TwoStores_OneSweep_CountTogetherAndFenceEachOther()
    {
        var other = await OpenAnotherAsync();
        for (var i = 0; i < 50; i++)
        {
            Store.Append(Queued(Sweep, i));
            await Store.FlushAsync();
            Store.Append(Started(Sweep, i, lease: 1));
            other.Append(Started(Sweep, i, lease: 2));
            var ends = await Task.WhenAll(
                Store.TellAsync(Ended(Sweep, i, objective: i, lease: 1)), other.TellAsync(Ended(Sweep, i, objective: i, lease: 2)));
            Assert.Single(ends, applied => applied);
        }

        Assert.Equal(new RunCounts(Completed: 50), await CountsAsync());
        Assert.Equal(151, (await KindsAsync()).Count);
    }
}
