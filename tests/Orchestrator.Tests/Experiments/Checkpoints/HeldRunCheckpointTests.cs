namespace Orchestrator.Tests.Experiments.Checkpoints;

public sealed class HeldRunCheckpointTests
{
    [Fact]
    public async Task Promise19_HeldRunResumed_GoesOnFromItsCheckpointAndItsSeriesIsOne()
    {
        await using var bench = new ExperimentBench();
        await using var experiment = bench.New();
        var model = new Orchestrator.Numerics.SeededRandom(1);
        var failed = await experiment.StartRunAsync();
        failed.Register("model", model, disposeAtEnd: false);
        for (var step = 1; step <= 5; step++)
        {
            failed.Report(step, ("loss", model.NextDouble()));
            if (step == 3)
                await failed.Checkpoints.SaveAsync(step, TestContext.Current.CancellationToken);
        }

        failed.Fail(new IOException("now"));
        await failed.DisposeAsync();

        var resumed = await experiment.StartRunAsync(new RunOptions { Resume = true });
        resumed.Register("model", model, disposeAtEnd: false); // free again: the attempt before has ended
        var from = await resumed.Checkpoints.RestoreAsync(TestContext.Current.CancellationToken);
        for (var step = from + 1; step <= 6; step++)
            resumed.Report(step, ("loss", model.NextDouble()));
        var run = await resumed.StopAsync();

        var whole = new Orchestrator.Numerics.SeededRandom(1);
        Assert.Equal(3, from);
        Assert.Equal(Enumerable.Range(1, 6).Select(step => ((long)step, whole.NextDouble())), (await bench.SeriesAsync(run)).Select(p => (p.Step, p.Value)));
        Assert.Equal(6, (await bench.DetailsAsync(run)).Metrics.Values.First().Count);
    }

    [Fact]
    public async Task HeldRunResumed_WithoutACheckpoint_AddsUpAlsoBehindOne()
    {
        await using var bench = new ExperimentBench();
        await using var experiment = bench.New();
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            var run = await experiment.StartRunAsync(new RunOptions { Id = "mine", Resume = attempt > 1 });
            if (attempt == 3)
                Assert.Equal(2, await run.Checkpoints.RestoreAsync(TestContext.Current.CancellationToken));
            run.Report(attempt, ("loss", attempt));
            if (attempt == 2)
                await run.Checkpoints.SaveAsync(2, TestContext.Current.CancellationToken);
            run.Report(attempt, ("loss", 10 * attempt));
            await run.StopAsync();
        }

        var record = (await (await bench.Store).FindRunAsync("mine"))!;
        // 1, 10, 2 | saved | 20 is given up; 3, 30 | 4, 40
        Assert.Equal([1.0, 10, 2, 3, 30, 4, 40], (await bench.SeriesAsync(record)).Select(p => p.Value));
        Assert.Equal(7, (await bench.DetailsAsync(record)).Metrics.Values.First().Count);
    }
}
