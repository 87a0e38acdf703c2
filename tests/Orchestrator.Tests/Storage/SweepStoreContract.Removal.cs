using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task DeleteSweep_WithRunsAndReports_IsGone_AndTheOtherIsAsItWas()
    {
        var other = await Store.CreateSweepAsync(StoreBuilders.Sweep("s2") with { Tags = ["t"] });
        foreach (var sweep in new[] { Sweep, other })
        {
            for (var i = 0; i < 5; i++)
                await Store.RunAsync(sweep, i, objective: i, reports: Reports(sweep, i, 1, Point("loss", 0, i), Point("loss", 1, i)));
        }

        Assert.True(await Store.DeleteSweepAsync("s1"));

        Assert.Null(await Store.FindSweepAsync("s1"));
        Assert.Null(await Store.FindRunAsync("s1", 0));
        Assert.Empty(await Store.QueryRunsAsync(new() { Sweep = "s1" }).ToListAsync());
        Assert.Empty(await Store.SeriesAsync("s1", 0).ToListAsync());
        Assert.Empty(await Store.EventsAsync("s1").ToListAsync());
        Assert.Equal("s2", await IdsAsync(new()));
        var (_, kept) = (await Store.FindSweepAsync("s2"))!.Value;
        Assert.Equal((5L, "t", 0.0), (kept.Counts.Completed, Assert.Single(kept.Tags), kept.Best!.Objective));
        Assert.Equal(2, (await Store.SeriesAsync("s2", 4).ToListAsync()).Count);
        Assert.Equal(16, (await Store.EventsAsync("s2").ToListAsync()).Count);
    }

    [Fact]
    public async Task DeleteSweep_Unknown_IsNoError() => Assert.False(await Store.DeleteSweepAsync("nobody"));

    [Fact]
    public async Task DeleteSweep_IdUsedAgain_IsANewSweepWithoutRuns()
    {
        await Store.RunAsync(Sweep, 0);
        await Store.DeleteSweepAsync("s1");

        var again = await Store.CreateSweepAsync(StoreBuilders.Sweep());

        Assert.NotEqual(Sweep, again);
        Assert.Empty(await Store.QueryRunsAsync(new() { Sweep = "s1" }).ToListAsync());
        Assert.Equal(["sweep.queued"], await KindsAsync());
    }

    [Fact]
    public async Task DeleteSweep_LateCommandsForIt_AreRefused()
    {
        await Store.AppendAsync(Queued(Sweep, 0));
        await Store.AppendAsync(Started(Sweep, 0));
        await Store.DeleteSweepAsync("s1");

        Assert.False(await Store.TellAsync(Ended(Sweep, 0)));
        await Store.AppendAsync(Queued(Sweep, 1));
        await Store.FlushAsync();
        Assert.False(await Store.DeleteSweepAsync("s1"));
    }

    [Fact]
    public async Task DeleteSweep_Large_LetsOthersWriteInBetween()
    {
        for (var i = 0; i < 200; i++)
        {
            var reports = new ReportBuffer(new(Sweep, i), 1);
            for (var step = 0; step < 500; step++)
                reports.Append([Point("loss", step, step)]);
            await Store.RunAsync(Sweep, i, reports: reports);
        }

        var other = await Store.CreateSweepAsync(StoreBuilders.Sweep("s2"));
        var removal = Store.DeleteSweepAsync("s1");
        var written = 0;
        for (; !removal.IsCompleted; written++)
            await Store.RunAsync(other, written);

        Assert.True(await removal);
        Assert.True(written > 3, $"Only {written} runs were written while 100,000 values were removed.");
    }

    [Fact]
    public async Task Vocabulary_OfASweepAndOfAll_HasTheNames()
    {
        var other = await Store.CreateSweepAsync(StoreBuilders.Sweep("s2"));
        await Store.RunAsync(Sweep, 0, reports: Reports(Sweep, 0, 1, Point("loss", 0, 1), Point("accuracy", 0, 1)));
        await Store.RunAsync(other, 0, reports: Reports(other, 0, 1, Point("other", 0, 1)));

        Assert.Equal(["loss", "accuracy"], (await Store.VocabularyAsync("s1")).Metrics);
        Assert.Equal(["other"], (await Store.VocabularyAsync("s2")).Metrics);
        Assert.Equal(["loss", "accuracy", "other"], (await Store.VocabularyAsync()).Metrics);
        Assert.Empty((await Store.VocabularyAsync("nobody")).Metrics);
    }

    [Fact]
    public async Task Series_OfSeveralRuns_AreThoseOfEach()
    {
        for (var i = 0; i < 4; i++)
        {
            var reports = new ReportBuffer(new(Sweep, i), 1);
            for (var step = 0; step < 1500; step++) // more than a page in two runs
                reports.Append([Point("a", step, step), Point("b", step, -step)]);
            await Store.RunAsync(Sweep, i, reports: reports);
        }

        var together = await Store.SeriesAsync("s1", [3, 1, 77, 0]).ToListAsync();

        var expected = new List<(long, MetricPoint)>();
        foreach (var number in new long[] { 0, 1, 3 })
            expected.AddRange((await Store.SeriesAsync("s1", number).ToListAsync()).Select(p => (number, p)));
        Assert.Equal(9000, together.Count);
        Assert.Equal(expected, together);
        Assert.Empty(await Store.SeriesAsync("nobody", [1]).ToListAsync());
    }

    [Theory]
    [InlineData(0L, null, false, null, "0 1 2 3 4 5 6 7 8 9")]
    [InlineData(3L, 6L, false, null, "3 4 5")]
    [InlineData(3L, 6L, true, null, "5 4 3")]
    [InlineData(3L, 9L, true, 2, "8 7")]
    [InlineData(-5L, 2L, false, null, "0 1")]
    [InlineData(8L, long.MaxValue, false, null, "8 9")]
    [InlineData(5L, 5L, false, null, "")]
    public async Task QueryRuns_Bounds_Restrict(long first, long? end, bool descending, int? limit, string expected)
    {
        for (var i = 0; i < 10; i++)
            await Store.RunAsync(Sweep, i, objective: i);
        foreach (var order in new[] { RunOrder.Number, RunOrder.Objective })
        {
            var runs = await Store.QueryRunsAsync(new() { Sweep = "s1", FirstNumber = first, EndNumber = end, Order = order, Descending = descending, Limit = limit }).ToListAsync();
            Assert.Equal(expected, string.Join(' ', runs.Select(r => r.Number)));
        }
    }
}
