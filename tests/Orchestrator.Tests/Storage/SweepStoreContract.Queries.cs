using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    [Theory]
    [InlineData(MetricGoal.Minimize, 2)]
    [InlineData(MetricGoal.Maximize, 4)]
    public async Task Best_CompletedAndFiniteOnly_TiesToTheLowestNumber(MetricGoal goal, long expected)
    {
        var key = await Store.CreateSweepAsync(StoreBuilders.Sweep("g", new Metric("m", goal)));
        (RunState State, double Objective)[] runs =
        [
            (RunState.Completed, 2), (RunState.Pruned, goal == MetricGoal.Minimize ? -9 : 9), (RunState.Completed, 1), (RunState.Completed, double.NegativeInfinity),
            (RunState.Completed, 3), (RunState.Completed, double.PositiveInfinity), (RunState.Completed, double.NaN), (RunState.Completed, 1),
            (RunState.Completed, 3), (RunState.Failed, goal == MetricGoal.Minimize ? -9 : 9),
        ];
        for (var i = runs.Length - 1; i >= 0; i--) // the ties come in from above
            await Store.RunAsync(key, i, runs[i].State, runs[i].Objective);

        var best = (await Store.FindSweepAsync("g"))!.Value.Sweep.Best;
        Assert.Equal(expected, best!.Number);
        Assert.Equal(best.Objective, (await Store.ProgressAsync(key)).BestObjective);
        Assert.Equal(expected, (await Store.ListSweepsAsync(new()).ToListAsync())[0].Best!.Number);
        Assert.Null((await Store.FindSweepAsync("g", withBest: false))!.Value.Sweep.Best);
        Assert.Null((await Store.FindSweepAsync("s1"))!.Value.Sweep.Best);
    }

    [Fact]
    public async Task Progress_OfARunningSweep_HasHowLongItWasSeen()
    {
        await Store.AppendAsync(new SweepChanged { Sweep = Sweep, State = SweepState.Running, At = At(1) });
        await Store.AppendAsync(Queued(Sweep, 0));
        await Store.AppendAsync(Started(Sweep, 0, at: 10));
        await Store.FlushAsync();
        var progress = await Store.ProgressAsync(Sweep);
        Assert.Equal((0, 9), (progress.ElapsedSeconds, progress.SeenSeconds));

        var reports = new ReportBuffer(new(Sweep, 0), 1);
        reports.Append([new MetricPoint("loss", 0, 1, At(31))]);
        await Store.AppendAsync(new ReportsPending(reports));
        await Store.FlushAsync();
        Assert.Equal(30, (await Store.ProgressAsync(Sweep)).SeenSeconds);
    }

    [Fact]
    public async Task QueryRuns_ByNumber_PagesAndLimits()
    {
        for (var i = 0; i < 1203; i++)
            Store.Append(Queued(Sweep, i));
        for (var i = 0; i < 1203; i += 10)
            Store.Append(Moved(Sweep, i, RunState.Canceled));
        await Store.CreateSweepAsync(StoreBuilders.Sweep("next"));
        await Store.FlushAsync();

        Assert.Equal(Enumerable.Range(0, 1203).Select(i => (long)i), await NumbersAsync(new() { Sweep = "s1" }));
        Assert.Equal(Enumerable.Range(0, 1203).Select(i => (long)i).Reverse(), await NumbersAsync(new() { Sweep = "s1", Descending = true }));
        Assert.Equal(Enumerable.Range(0, 700).Select(i => (long)i), await NumbersAsync(new() { Sweep = "s1", Limit = 700 }));
        Assert.Equal([1202, 1201], await NumbersAsync(new() { Sweep = "s1", Limit = 2, Descending = true }));
        Assert.Equal(Enumerable.Range(0, 121).Select(i => i * 10L), await NumbersAsync(new() { Sweep = "s1", States = [RunState.Canceled, RunState.Failed] }));
        Assert.Empty(await NumbersAsync(new() { Sweep = "s1", Limit = 0 }));
        Assert.Empty(await NumbersAsync(new() { Sweep = "next" }));
        Assert.Empty(await NumbersAsync(new() { Sweep = "nobody" }));
    }

    [Fact]
    public async Task QueryRuns_ByValue_PutsTheMissingLast()
    {
        await Store.RunAsync(Sweep, 0, objective: 5, started: 30, ended: 90);
        await Store.RunAsync(Sweep, 1, RunState.Failed, objective: double.NaN, started: 20, ended: 21);
        Store.Append(Queued(Sweep, 2));
        await Store.RunAsync(Sweep, 3, objective: -2, started: 10, ended: 50);
        await Store.RunAsync(Sweep, 4, objective: 5, started: 40, ended: 45);

        Assert.Equal([3, 0, 4, 1, 2], await NumbersAsync(new() { Sweep = "s1", Order = RunOrder.Objective }));
        Assert.Equal([0, 4, 3, 1, 2], await NumbersAsync(new() { Sweep = "s1", Order = RunOrder.Objective, Descending = true }));
        Assert.Equal([3, 1, 0, 4, 2], await NumbersAsync(new() { Sweep = "s1", Order = RunOrder.Started }));
        Assert.Equal([0, 3, 4, 1, 2], await NumbersAsync(new() { Sweep = "s1", Order = RunOrder.Ended, Descending = true }));
        Assert.Equal([1, 4, 3, 0, 2], await NumbersAsync(new() { Sweep = "s1", Order = RunOrder.Duration }));
        Assert.Equal([3, 0], await NumbersAsync(new() { Sweep = "s1", Order = RunOrder.Objective, States = [RunState.Completed], Limit = 2 }));
    }

    [Fact]
    public async Task QueryRuns_ByValueOverPages_KeepsTheOrderAndWhatBelongsToARun()
    {
        for (var i = 0; i < 600; i++)
            _ = Store.RunAsync(Sweep, i, objective: -i, reports: Reports(Sweep, i, 1, Point("loss", 0, i)));

        await Store.FlushAsync();
        var runs = await Store.QueryRunsAsync(new() { Sweep = "s1", Order = RunOrder.Objective }).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 600).Select(i => 599L - i), runs.Select(r => r.Number));
        Assert.All(runs, r => Assert.Equal(r.Number, r.Metrics["loss"]));
    }

    [Fact]
    public async Task BestAssignments_MeansOfCompletedReplicates_BestFirst()
    {
        (long Proposal, RunState State, double Objective)[] runs =
        [
            (0, RunState.Completed, 4), (0, RunState.Completed, 6),
            (1, RunState.Completed, 1), (1, RunState.Failed, -100), (1, RunState.Completed, 2),
            (2, RunState.Pruned, -5),
            (3, RunState.Completed, 1.5), (3, RunState.Completed, double.PositiveInfinity),
            (4, RunState.Completed, 9),
            (5, RunState.Completed, 10),
        ];
        for (var i = 0; i < runs.Length; i++)
        {
            var reports = Reports(Sweep, i, 1, Point("test", 0, i));
            await Store.RunAsync(Sweep, i, runs[i].State, runs[i].Objective, runs[i].Proposal, reports);
        }

        var best = await Store.BestAssignmentsAsync("s1", 3, byMean: true);
        Assert.Equal([(1L, 2, 1.5), (3L, 1, 1.5), (0L, 2, 5.0)], best.Select(b => (b.Proposal, b.Runs, b.Mean!.Value)));
        Assert.Equal([Math.Sqrt(0.5), null, Math.Sqrt(2)], best.Select(b => b.StandardDeviation));
        Assert.Equal(Parameters(1), best[0].Parameters);
        Assert.Equal((3.0, Math.Sqrt(2)), (best[0].Metrics["test"], best[0].Deviations["test"]!.Value));
        Assert.Equal([(1, 0), (0, 0), (0, 0)], best.Select(b => (b.Failed, b.Pruned)));
        Assert.Null(best[1].Deviations["test"]);

        var all = await Store.BestAssignmentsAsync("s1", 9); // that of which a seed failed is the last
        Assert.Equal([(3L, 0), (0L, 0), (4L, 0), (5L, 0), (1L, 1)], all.Select(b => (b.Proposal, b.Failed + b.Pruned)));
        Assert.Empty(await Store.BestAssignmentsAsync("s1", 0));
        Assert.Empty(await Store.BestAssignmentsAsync("nobody", 3));
    }

    [Fact]
    public async Task BestAssignments_Maximize_LargestFirst()
    {
        var key = await Store.CreateSweepAsync(StoreBuilders.Sweep("g", Metric.Maximize("m")));
        for (var i = 0; i < 4; i++)
            await Store.RunAsync(key, i, objective: i);

        Assert.Equal([3, 2], (await Store.BestAssignmentsAsync("g", 2)).Select(b => b.Proposal));
    }

    [Fact]
    public async Task Progress_NewSweep_IsEmpty()
    {
        var progress = await Store.ProgressAsync(Sweep);

        Assert.Equal((0L, 0, null, 0.0), (progress.NextNumber, progress.ConsecutiveFailures, progress.BestObjective, progress.ElapsedSeconds));
        Assert.Empty(progress.Open);
        await Assert.ThrowsAsync<StoreException>(() => Store.ProgressAsync(999));
    }

    [Fact]
    public async Task Progress_InTheMiddle_ListsOpenRuns()
    {
        (RunState State, double? Objective)[] runs =
        [
            (RunState.Completed, 1), (RunState.Completed, 2), (RunState.Failed, null),
            (RunState.Completed, 3), (RunState.Pruned, 50), (RunState.Queued, null),
            (RunState.Canceled, null), (RunState.Failed, null), (RunState.Running, null),
            (RunState.Completed, 7),
        ];
        for (var i = 0; i < runs.Length; i++)
        {
            Store.Append(Queued(Sweep, i, i / 3, i % 3));
            if (runs[i].State != RunState.Queued)
                Store.Append(Started(Sweep, i));
            if (runs[i].State is not (RunState.Queued or RunState.Running))
                Store.Append(Ended(Sweep, i, runs[i].State, runs[i].Objective));
        }

        Store.Append(new SweepChanged { Sweep = Sweep, ElapsedSeconds = 8, At = At(60) });
        await Store.FlushAsync();
        var progress = await Store.ProgressAsync(Sweep);

        Assert.Equal((10L, 8.0, 1.0), (progress.NextNumber, progress.ElapsedSeconds, progress.BestObjective));
        Assert.Equal(new RunCounts(Queued: 1, Running: 1, Completed: 4, Failed: 2, Pruned: 1, Canceled: 1), progress.Counts);
        Assert.Equal([(5, RunState.Queued), (6, RunState.Canceled), (8, RunState.Running)], progress.Open.Select(r => ((int)r.Number, r.State)));
        Assert.Equal(new OpenRun(8, 2, 2, 108, RunState.Running, 1, Parameters(2), "run-8"), progress.Open[2]);
    }

    [Theory]
    [InlineData("FF", 2)]
    [InlineData("FFC", 0)]
    [InlineData("FPF", 1)]
    [InlineData("CFFXF", 3)]
    public async Task Progress_ConsecutiveFailures_CountsTheEndOfTheOrder(string ends, int expected)
    {
        for (var i = 0; i < ends.Length; i++)
        {
            await Store.RunAsync(Sweep, i, ends[i] switch
            {
                'F' => RunState.Failed,
                'P' => RunState.Pruned,
                'X' => RunState.Canceled,
                _ => RunState.Completed,
            }, 1);
        }

        Assert.Equal(expected, (await Store.ProgressAsync(Sweep)).ConsecutiveFailures);
    }

    [Fact]
    public async Task Progress_FailedRunsRetried_StartCountingAfresh()
    {
        await Store.RunAsync(Sweep, 0, RunState.Failed);
        await Store.RunAsync(Sweep, 1, RunState.Failed);
        await Store.TellAsync(Moved(Sweep, 0, RunState.Queued));

        Assert.Equal(0, (await Store.ProgressAsync(Sweep)).ConsecutiveFailures);
    }

    private async Task<List<long>> NumbersAsync(RunQuery query) => [.. (await Store.QueryRunsAsync(query).ToListAsync()).Select(r => r.Number)];
}
