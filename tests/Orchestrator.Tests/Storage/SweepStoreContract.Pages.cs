using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task SweepPage_Filtered_IsNewestFirstAndCounted()
    {
        for (var i = 0; i < 7; i++)
        {
            await Store.CreateSweepAsync(StoreBuilders.Sweep("p" + i) with
            {
                Name = i % 2 == 0 ? "Odd_1%" : "even",
                Project = i < 5 ? "a" : "b",
                State = i == 3 ? SweepState.Paused : SweepState.Stopped,
            });
        }

        Assert.Equal(["p6", "p5", "p4"], await PageAsync(new() { Limit = 3 }));
        Assert.Equal(["p3", "p2"], await PageAsync(new() { Limit = 2 }, skip: 3));
        Assert.Equal(["p3"], await PageAsync(new() { States = [SweepState.Paused] }));
        Assert.Equal(["p4", "p2", "p0"], await PageAsync(new() { Project = "a", Search = "odd_1%" }));
        Assert.Equal(["p2"], await PageAsync(new() { Search = "P2" }));
        Assert.Empty(await PageAsync(new() { Search = "o%d" }));
        Assert.Equal(
            [(SweepState.Paused, 1), (SweepState.Stopped, 4)],
            (await Store.CountSweepsAsync(new() { Project = "a", States = [SweepState.Paused] })).OrderBy(c => c.Key).Select(c => (c.Key, (int)c.Value)));
        Assert.Equal(["a", "b", "project"], await Store.ProjectsAsync());
    }

    [Fact]
    public async Task Totals_OverSweeps_CountEveryRun()
    {
        var other = await Store.CreateSweepAsync(StoreBuilders.Sweep("s2"));
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        await Store.ReachAsync(other, 0, RunState.Failed);
        await Store.ReachAsync(other, 1, RunState.Completed);
        await Store.FlushAsync();

        Assert.Equal(new RunCounts(Running: 1, Completed: 1, Failed: 1), await Store.TotalsAsync());
    }

    [Fact]
    public async Task QueryRuns_Skip_LeavesOutTheFirst()
    {
        for (var i = 0; i < 6; i++)
            await Store.RunAsync(Sweep, i, i == 2 ? RunState.Failed : RunState.Completed, objective: -i);

        Assert.Equal([2, 3], await NumbersAsync(new() { Sweep = "s1", Skip = 2, Limit = 2 }));
        Assert.Equal([3, 2], await NumbersAsync(new() { Sweep = "s1", Skip = 2, Limit = 2, Descending = true }));
        Assert.Equal([3, 4], await NumbersAsync(new() { Sweep = "s1", Skip = 2, Limit = 2, States = [RunState.Completed] }));
        Assert.Equal([4, 3], await NumbersAsync(new() { Sweep = "s1", Skip = 1, Limit = 2, Order = RunOrder.Objective }));
    }

    [Fact]
    public async Task Failures_BySharedFingerprint_CountRunsThatAreStillFailed()
    {
        var rare = Failure with { Fingerprint = "aaaaaaaaaaaa", Message = "rare" };
        await FailAsync(0, Failure, rare); // the last attempt counts
        await FailAsync(1, Failure);
        await FailAsync(2, Failure);
        await FailAsync(3, Failure);
        await Store.TellAsync(Moved(Sweep, 3, RunState.Queued)); // tried again

        var summary = await Store.FailuresAsync("s1", 1);

        Assert.Equal(2, summary.Kinds);
        var group = Assert.Single(summary.Top);
        Assert.Equal((Failure.Fingerprint, 2L, "s1/000001", 1L), (group.Fingerprint, group.Count, group.Run, group.Number));
        Assert.Equal(Failure.Message, group.First.Message);
        Assert.Equal(["rare"], (await Store.FailuresAsync("s1", 5)).Top.Skip(1).Select(g => g.First.Message));
        Assert.Empty((await Store.FailuresAsync("nobody", 5)).Top);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(5_000)]
    public async Task SeriesShape_OfSeries_KeepsExtremesInOrder(int steps)
    {
        var points = Enumerable.Range(0, steps).SelectMany(i => (MetricPoint[])[Point("up", i, i), Point("odd", i, i % 7 == 0 ? double.NaN : -i)]).ToArray();
        await Store.RunAsync(Sweep, 0, reports: Reports(Sweep, 0, 1, points));

        var shape = (await Store.SeriesShapeAsync("s1", 0, 100)).ToLookup(p => p.Metric);

        var up = shape["up"].ToArray();
        Assert.InRange(up.Length, Math.Min(steps, 100), 200);
        Assert.Equal((0, steps - 1.0), (up[0].Value, up[^1].Value));
        Assert.Equal(up.Select(p => p.Step).Order(), up.Select(p => p.Step));
        Assert.All(shape["odd"], p => Assert.Equal(-p.Step, p.Value));
        Assert.Empty(await Store.SeriesShapeAsync("s1", 1, 100));
    }

    [Fact]
    public async Task ElapsedAt_WhileRunning_GoesOnFromWhatIsRecorded()
    {
        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Running, At = At(10) });
        await Store.FlushAsync();
        Assert.Equal(5, (await ReadAsync()).ElapsedSecondsAt(At(15)));

        Store.Append(new SweepChanged { Sweep = Sweep, ElapsedSeconds = 7, At = At(17) });
        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Paused, At = At(18) });
        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Running, At = At(20) });
        await Store.FlushAsync();
        Assert.Equal(15, (await ReadAsync()).ElapsedSecondsAt(At(25)));

        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Stopped, ElapsedSeconds = 16, At = At(26) });
        await Store.FlushAsync();
        Assert.Equal(16, (await ReadAsync()).ElapsedSecondsAt(At(100)));

        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Running, At = At(200) });
        await Store.FlushAsync();
        Assert.Equal(17, (await ReadAsync()).ElapsedSecondsAt(At(201)));

        async Task<SweepRecord> ReadAsync() => (await Store.FindSweepAsync("s1"))!.Value.Sweep;
    }

    private async Task<IEnumerable<string>> PageAsync(SweepQuery query, long skip = 0) => (await Store.SweepPageAsync(query, skip)).Select(s => s.Id);

    private async Task FailAsync(long number, params RunFailure[] failures)
    {
        await Store.AppendAsync(Queued(Sweep, number));
        for (var i = 0; i < failures.Length; i++)
        {
            await Store.AppendAsync(Started(Sweep, number, attempt: i + 1, lease: i));
            await Store.TellAsync(Ended(
                Sweep, number, RunState.Failed, attempt: i + 1, lease: i, failure: failures[i],
                next: i == failures.Length - 1 ? RunState.Failed : RunState.Queued));
        }
    }
}
