using Orchestrator.Execution;
using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task TakeOver_AttemptGoesOnFromAStep_EarlierValuesStandAndRepeatedOnesAreReplaced()
    {
        var wentOn = new List<long>();
        await FailAsync(1, [.. Points(0, 5)]);
        var second = await GoOnAsync(2, wentOn, [.. Points(3, 4)]);
        second.Append([.. Points(4, 5)]);
        Assert.Equal([2L], wentOn);
        Assert.Equal((5L, 0.0), second.SummaryOf("loss") is { } loss ? (loss.Count, loss.Min) : default);
        await FailAsync(2, second);

        var third = await GoOnAsync(3, wentOn, [.. Points(4, 3_000)]);
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, objective: 1, attempt: 3, reports: third)));

        Assert.Equal(Points(0, 3_000), await Store.SeriesAsync("s1", 0).ToListAsync());
        var shape = (await Store.SeriesShapeAsync("s1", 0, 10_000)).Where(p => p.Metric == "loss").Select(p => p.Step).ToArray();
        Assert.Equal(shape.Distinct(), shape); // what was reported anew is there once
        Assert.Equal(Points(0, 3_000).Where(p => p.Metric == "square"), await Store.SeriesAsync("s1", 0, "square").ToListAsync());
        Assert.Equal((3_000L, 2_999.0), (await Store.DetailsAsync("s1", 0))!.Metrics["loss"] is var m ? (m.Count, m.Last) : default);
        Assert.Equal([null, 2L, 3L], (await Store.AttemptsAsync("s1", 0)).Select(a => a.ResumedFrom));
    }

    [Fact]
    public async Task TakeOver_AttemptStartsOver_StartsTheSeriesOver()
    {
        await FailAsync(1, [Point("loss", 0, 9), Point("other", 0, 9), Point("loss", 1, 9)]);
        var second = await GoOnAsync(2, [], [Point("loss", 0, 1)]);
        Assert.Equal(["loss"], second.Summaries().Select(s => s.Key));
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, objective: 1, attempt: 2, reports: second)));

        Assert.Equal([Point("loss", 0, 1)], await Store.SeriesAsync("s1", 0).ToListAsync());
        Assert.Equal(["loss"], (await FindAsync(0)).Metrics.Keys);
        Assert.Equal([null, null], (await Store.AttemptsAsync("s1", 0)).Select(a => a.ResumedFrom));
    }

    [Fact]
    public async Task TakeOver_AttemptReportsNothing_EarlierValuesStand()
    {
        await FailAsync(1, [.. Points(0, 3)]);
        var second = await GoOnAsync(2, [], []);
        Assert.Equal(2, second.SummaryOf("loss")!.Value.Last);
        await FailAsync(2, second);
        var third = await GoOnAsync(3, [], []); // from the first one's: the second has no values of its own
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, objective: 2, attempt: 3, reports: third)));

        Assert.Equal(Points(0, 3), await Store.SeriesAsync("s1", 0).ToListAsync());
        Assert.Equal(2, (await FindAsync(0)).Metrics["loss"]);
    }

    [Fact]
    public async Task TakeOver_MetricsWithStepsOfTheirOwn_AreReplacedEachFromItsOwn()
    {
        MetricPoint[] first = [Point("loss", 100, 1), Point("val", 1, 1), Point("loss", 200, 2), Point("val", 2, 2), Point("loss", 300, 3), Point("nan", 300, 1)];
        await FailAsync(1, first);
        var second = await GoOnAsync(2, [], [Point("loss", 200, 20)]);
        Meet(second, [Point("val", 2, 20)]);
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, objective: 2, attempt: 2, reports: second)));

        Assert.Equal(
            [first[0], first[1], first[5], Point("loss", 200, 20), Point("val", 2, 20)], await Store.SeriesAsync("s1", 0).ToListAsync());
        Assert.Equal((2L, 21.0), (await Store.DetailsAsync("s1", 0))!.Metrics["val"] is var m ? (m.Count, m.Sum) : default);
    }

    [Fact]
    public async Task BeginWithoutStep_StateWasSavedBeforeTheEnd_WhatCameAfterItIsGivenUp()
    {
        await FailAsync(1, [.. Enumerable.Range(0, 5).Select(i => new MetricPoint("loss", i, i, At(10 * i)))]);
        var second = await GoOnAsync(2, [], [], savedAt: At(19.9)); // right after the report of step 2 was printed, before it was read
        Assert.True(_earlier!.BeginWithoutStep());
        Assert.Equal(3, _earlier.NextStep);
        Store.Append(new ReportsPending(second));
        Meet(second, [new MetricPoint("loss", 3, 30, At(60))]);
        await FailAsync(2, second);
        var third = await GoOnAsync(3, [], [], savedAt: At(19.9)); // the second saved nothing
        Assert.True(_earlier!.BeginWithoutStep());
        Store.Append(new ReportsPending(third));
        Meet(third, [new MetricPoint("loss", 3, 31, At(80)), new MetricPoint("loss", 4, 41, At(80))]);
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, objective: 1, attempt: 3, reports: third)));

        Assert.Equal([0.0, 1, 2, 31, 41], (await Store.SeriesAsync("s1", 0).ToListAsync()).Select(p => p.Value));
        Assert.Equal((5L, 75.0), (await Store.DetailsAsync("s1", 0))!.Metrics["loss"] is var m ? (m.Count, m.Sum) : default);
    }

    private EarlierReports? _earlier;

    private void Meet(ReportBuffer buffer, MetricPoint[] points)
    {
        if ((_earlier?.Meet(points) ?? false) | buffer.Append(points))
            Store.Append(new ReportsPending(buffer));
    }

    private async Task<ReportBuffer> GoOnAsync(int attempt, List<long> wentOn, MetricPoint[] points, DateTimeOffset? savedAt = null)
    {
        await Store.AppendAsync(Started(Sweep, 0, attempt: attempt));
        await Store.FlushAsync();
        var buffer = new ReportBuffer(new(Sweep, 0), attempt);
        _earlier = await Task.Run(() => EarlierReports.TakeOver(Store, buffer, savedAt ?? At(1_000), wentOn.Add));
        Store.Append(new ReportsPending(buffer));
        await Store.FlushAsync();
        Meet(buffer, points);
        return buffer;
    }

    private async Task FailAsync(int attempt, params MetricPoint[] points)
    {
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        await FailAsync(attempt, Reports(Sweep, 0, attempt, points));
    }

    private async Task FailAsync(int attempt, ReportBuffer reports) =>
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, RunState.Failed, next: RunState.Queued, attempt: attempt, reports: reports)));
}
