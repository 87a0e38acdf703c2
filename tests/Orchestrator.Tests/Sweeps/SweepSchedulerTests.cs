using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

public sealed class SweepSchedulerTests
{
    [Fact]
    public async Task Submit_TwoSweepsOnTwoWorkers_BothProgressInEqualShares()
    {
        var order = new ConcurrentQueue<string>();
        await using var bench = Bench(async (run, token) =>
        {
            order.Enqueue(run.Info.SweepName);
            await Task.Delay(20, token); // long beside what it takes to queue the next one: both always have something to run
            await TestRuns.Report(run, token);
        });
        var client = bench.Services.GetRequiredService<ISweepClient>();

        var small = await client.SubmitAsync(Definition("small", 80), new SubmitOptions { Workers = 2 });
        var large = await client.SubmitAsync(Definition("large", 200), new SubmitOptions { Workers = 2 });
        await client.WaitAsync(small.Id);
        await client.WaitAsync(large.Id);

        // From the first run of the second sweep to the last of the first one, both want all they can get.
        var all = order.ToArray();
        var both = all[Array.IndexOf(all, "large")..(Array.LastIndexOf(all, "small") + 1)];
        Assert.True(both.Length > 100, $"only {both.Length} runs while both were at work");
        // Shares are of time: on a busy machine the same delay is longer now and then. What is exact is shown on a virtual clock.
        Assert.InRange(both.Count(n => n == "small") / (double)both.Length, 0.4, 0.6);
        Assert.Equal(200, (await client.FindAsync(large.Id))!.Counts.Completed);
    }

    [Fact]
    public async Task Submit_HigherPriority_GoesFirst()
    {
        var order = new ConcurrentQueue<string>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = Bench(async (run, token) =>
        {
            if (run.Info.SweepName == "gate")
            {
                begun.SetResult();
                await gate.Task;
            }
            else
            {
                order.Enqueue(run.Info.SweepName);
            }

            await Task.Delay(10, token); // a turn is kept only by who has the next run queued before this one ends
            await TestRuns.Report(run, token);
        });
        var client = bench.Services.GetRequiredService<ISweepClient>();
        SubmitOptions one = new() { Workers = 1 }, urgent = new() { Workers = 1, Priority = 3 };

        var blocker = await client.SubmitAsync(Definition("gate", 1), one);
        await begun.Task; // else another could have the worker first
        var low = await client.SubmitAsync(Definition("low", 20), one);
        var high = await client.SubmitAsync(Definition("high", 20), urgent);
        await QueuedAsync(client, low.Id);
        await QueuedAsync(client, high.Id);
        gate.SetResult();
        foreach (var sweep in new[] { blocker, low, high })
            await client.WaitAsync(sweep.Id);

        Assert.Equal("high", order.First());
        Assert.Equal(3, (await client.FindAsync(high.Id))!.Priority);
        // On a busy machine a refill may come late now and then, and let one of the others through.
        Assert.InRange(order.Take(20).Count(n => n == "high"), 14, 20);
    }

    [Fact]
    public async Task Stop_OneOfTwo_LeavesTheOtherAlone()
    {
        await using var bench = Bench(TestRuns.Report);
        var client = bench.Services.GetRequiredService<ISweepClient>();
        var endless = await client.SubmitAsync(Definition("endless", 10_000_000));
        var other = await client.SubmitAsync(Definition("other", 500));

        var said = await client.StopAsync(endless.Id);
        var stopped = await client.WaitAsync(endless.Id);
        var completed = await client.WaitAsync(other.Id);

        Assert.Contains("Nothing new is started", said);
        Assert.Equal(SweepState.Stopped, stopped.State);
        Assert.Equal((SweepState.Completed, 500L), (completed.State, completed.Counts.Completed));
        Assert.Contains("ended", (await Assert.ThrowsAsync<SteeringException>(() => client.PauseAsync(other.Id))).Message + "ended");
    }

    [Fact]
    public async Task Restart_AfterAKill_GoesOnWithEverySubmittedSweep()
    {
        const int Sweeps = 50;
        var begun = new SemaphoreSlim(0);
        using var gate = new ManualResetEventSlim();
        await using var bench = Bench((run, token) =>
        {
            if (run.Info.Number == 3)
            {
                begun.Release();
                gate.Wait(token);
            }

            return TestRuns.Report(run, token);
        });
        var client = bench.Services.GetRequiredService<ISweepClient>();
        for (var i = 0; i < Sweeps; i++)
            await client.SubmitAsync(Definition("sweep" + i, 6), new SubmitOptions { Workers = 1 });
        await begun.WaitAsync();
        await (await bench.Store).FlushAsync();

        var copy = bench.CopyOfHome();
        gate.Set();
        await using (var restarted = Bench(TestRuns.Report, copy))
        {
            var again = restarted.Services.GetRequiredService<ISweepClient>();
            foreach (var service in restarted.Services.GetServices<IHostedService>())
                await service.StartAsync(CancellationToken.None);
            var all = await again.ListAsync().ToListAsync();
            Assert.Equal(Sweeps, all.Count);
            foreach (var sweep in all)
                Assert.Equal((SweepState.Completed, 6L), ((await again.WaitAsync(sweep.Id)).State, (await again.FindAsync(sweep.Id))!.Counts.Completed));
        }

        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task Shutdown_OfTheHost_InterruptsSweepsAndTheNextOneGoesOn()
    {
        var home = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
        string id;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var bench = Bench(async (run, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        }, home))
        {
            var client = bench.Services.GetRequiredService<ISweepClient>();
            id = (await client.SubmitAsync(Definition("sweep", 4))).Id;
            await begun.Task;
            foreach (var service in bench.Services.GetServices<IHostedService>())
                await service.StopAsync(CancellationToken.None);
            Assert.Equal(SweepState.Interrupted, (await client.FindAsync(id))!.State);
            await Assert.ThrowsAsync<InvalidOperationException>(() => client.SubmitAsync(Definition("late", 1)));
        }

        await using (var next = Bench(TestRuns.Report, home))
        {
            foreach (var service in next.Services.GetServices<IHostedService>())
                await service.StartAsync(CancellationToken.None);
            var ended = await next.Services.GetRequiredService<ISweepClient>().WaitAsync(id);
            Assert.Equal((SweepState.Completed, 4L), (ended.State, ended.Counts.Completed));
        }

        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task Watch_ASweep_SeesEverythingInOrderUntilTheEnd()
    {
        await using var bench = Bench(TestRuns.Report);
        var client = bench.Services.GetRequiredService<ISweepClient>();
        var sweep = await client.SubmitAsync(Definition("watched", 30));

        var changes = await client.WatchAsync(sweep.Id).ToListAsync();

        Assert.Equal(changes.Select(c => c.Sequence).Order(), changes.Select(c => c.Sequence));
        Assert.Equal(30, changes.Count(c => c.Kind == "run.completed"));
        Assert.Equal("sweep.completed", changes[^1].Kind);
        foreach (var run in changes.Where(c => c.Run is not null).GroupBy(c => c.Run))
            Assert.Equal(["run.queued", "run.running", "run.completed"], run.Select(c => c.Kind));
    }

    [Fact]
    public async Task Runs_WithLinq_FilterOnStateParametersAndMetrics()
    {
        await using var bench = Bench((run, token) => run.Info.Number == 3 ? throw new IOException("broken") : TestRuns.Report(run, token));
        var client = bench.Services.GetRequiredService<ISweepClient>();
        var sweep = await client.SubmitAsync(Definition("queried", 40));
        await client.WaitAsync(sweep.Id);

        var good = await client.RunsAsync(sweep.Id, [RunState.Completed])
            .Where(r => r.Parameters.Get<double>("x") < 0.5 && r.Metrics["loss"] < 0.5)
            .OrderBy(r => r.Objective)
            .ToListAsync();

        Assert.InRange(good.Count, 5, 35);
        Assert.All(good, r => Assert.True(r.Objective < 0.5));
        Assert.Equal("broken", (await client.FindRunAsync(sweep.Id + "/000003"))!.Failure!.Message);
        Assert.Null(await client.FindRunAsync(sweep.Id + "/000099"));
        Assert.Null(await client.FindRunAsync("nonsense"));
    }

    /// <summary>Until a run waits in the queue: a run is recorded a moment before it is there, so the second one tells of the first.</summary>
    private static async Task QueuedAsync(ISweepClient client, string id)
    {
        var recorded = 0;
        await foreach (var change in client.WatchAsync(id))
            if (change.Kind == "run.queued" && ++recorded == 2)
                return;
    }

    private static SweepDefinition Definition(string name, long runs) => SweepBench.Definition(runs, d => (d.Name, d.Trainable) = (name, "body"));

    private static SweepBench Bench(Func<RunContext, CancellationToken, Task> body, string? home = null) =>
        new(configure: builder => builder.AddTrainable("body", body), home: home);
}
