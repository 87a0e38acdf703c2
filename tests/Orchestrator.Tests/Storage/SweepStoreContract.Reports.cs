using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task Reports_SeveralDrains_KeepTheOrderOfReporting()
    {
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        var buffer = new ReportBuffer(new(Sweep, 0), 1);
        var points = Enumerable.Range(0, 10).SelectMany(i => (MetricPoint[])[Point("loss", 10 - i, i), Point("accuracy", i, i * 0.5)]).ToArray();
        foreach (var pair in points.Chunk(2))
        {
            if (buffer.Append(pair))
                Store.Append(new ReportsPending(buffer));
            if (pair[1].Step % 3 == 0)
                await Store.FlushAsync();
        }

        await Store.FlushAsync();
        Assert.Equal(points, await Store.SeriesAsync("s1", 0).ToListAsync());
        Assert.Equal(points.Where(p => p.Metric == "loss"), await Store.SeriesAsync("s1", 0, "loss").ToListAsync());
        Assert.Empty(await Store.SeriesAsync("s1", 0, "nothing").ToListAsync());
        Assert.Equivalent(new Dictionary<string, double> { ["loss"] = 9, ["accuracy"] = 4.5 }, (await FindAsync(0)).Metrics, strict: true);
    }

    [Fact]
    public async Task Reports_MoreThanOnePage_AreAllRead()
    {
        var points = Enumerable.Range(0, 5001).Select(i => Point("loss", i, i)).ToArray();
        await Store.RunAsync(Sweep, 0, objective: 1, reports: Reports(Sweep, 0, 1, points));

        Assert.Equal(points, await Store.SeriesAsync("s1", 0).ToListAsync());
    }

    [Fact]
    public async Task Reports_NotFinite_SurviveARoundTrip()
    {
        double[] values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 0.1];
        var points = values.Select((v, i) => Point("m" + i, i, v)).ToArray();
        await Store.RunAsync(Sweep, 0, RunState.Failed, objective: double.NaN, reports: Reports(Sweep, 0, 1, points));
        await Store.RunAsync(Sweep, 1, RunState.Failed, objective: double.NegativeInfinity);

        Assert.Equal(points, await Store.SeriesAsync("s1", 0).ToListAsync());
        Assert.Equal(values, (await FindAsync(0)).Metrics.Values);
        Assert.Equal(double.NaN, (await FindAsync(0)).Objective);
        Assert.Equal(double.NegativeInfinity, (await FindAsync(1)).Objective);
        Assert.Equal(double.NaN, (await Store.QueryRunsAsync(new() { Sweep = "s1" }).ToListAsync())[0].Objective);
    }

    [Fact]
    public async Task Reports_NewAttempt_StartsAfresh()
    {
        Store.Append(Queued(Sweep, 0));
        Store.Append(Started(Sweep, 0));
        var first = Reports(Sweep, 0, 1, Point("loss", 1, 1), Point("early", 1, 1));
        await Store.TellAsync(Ended(Sweep, 0, RunState.Failed, next: RunState.Queued, failure: Failure, reports: first));
        var waiting = await FindAsync(0);
        Store.Append(Started(Sweep, 0, attempt: 2, lease: 8));
        var begun = await FindAsync(0);
        var second = Reports(Sweep, 0, 2, Point("loss", 7, 5));
        await Store.TellAsync(Ended(Sweep, 0, objective: 5, attempt: 2, lease: 8, reports: second));

        Assert.Equal(2, waiting.Metrics.Count);
        Assert.Empty(begun.Metrics);
        Assert.Equal([KeyValuePair.Create("loss", 5.0)], (await FindAsync(0)).Metrics);
        Assert.Equal([Point("loss", 7, 5)], await Store.SeriesAsync("s1", 0).ToListAsync());
    }

    [Fact]
    public async Task Reports_OfAnAttemptThatHasLostItsRun_AreThrownAway()
    {
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        await Store.TellAsync(Moved(Sweep, 0, RunState.Queued, Failure));
        Store.Append(Started(Sweep, 0, attempt: 2, lease: 8));

        var late = Reports(Sweep, 0, 1, Point("loss", 1, 1));
        Store.Append(new ReportsPending(late));

        Assert.Empty((await FindAsync(0)).Metrics);
        Assert.Empty(await Store.SeriesAsync("s1", 0).ToListAsync());
        Assert.Equal(0, late.Waiting);
    }

    [Fact]
    public async Task Reports_AfterTheEnd_AreThrownAway()
    {
        var buffer = Reports(Sweep, 0, 1, Point("loss", 1, 1));
        await Store.RunAsync(Sweep, 0, objective: 1, reports: buffer);

        buffer.Append([Point("loss", 2, 99)]);
        Store.Append(new ReportsPending(buffer));

        Assert.Equal(1, (await FindAsync(0)).Metrics["loss"]);
        Assert.Single(await Store.SeriesAsync("s1", 0).ToListAsync());
    }

    [Fact]
    public async Task Series_UnknownRun_IsEmpty()
    {
        Assert.Empty(await Store.SeriesAsync("s1", 4).ToListAsync());
        Assert.Empty(await Store.SeriesAsync("nobody", 0).ToListAsync());
        Assert.Empty(await Store.AttemptsAsync("s1", 4));
    }
}
