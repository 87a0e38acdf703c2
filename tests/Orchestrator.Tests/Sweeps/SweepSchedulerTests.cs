using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

public sealed class SweepSchedulerTests
{
    [Fact]
    public async Task Submit_TwoSweepsOnTwoWorkers_HaveOneEach()
    {
        const int Runs = 40;
        var (begun, gate) = (new CountdownEvent(2), Signal());
        Dictionary<string, AskedSampler> samplers = new() { ["one"] = new(Runs), ["other"] = new(Runs) };
        var side = new ConcurrentQueue<string>();
        var pairs = new List<string>();
        using var alone = new CancellationTokenSource();
        using var together = new Barrier(2, _ =>
        {
            pairs.Add(string.Join(' ', side.Order(StringComparer.Ordinal)));
            side.Clear();
        });
        await using var bench = Bench(workers: 2, async (run, token) =>
        {
            if (run.Info.SweepName == "gate")
            {
                begun.Signal();
                await gate.Task;
            }
            else
            {
                // Whoever has no run that waits has no claim: neither ends one of its runs before its next one is there.
                await samplers[run.Info.SweepName].QueuedBefore(run.Info.Number + 2);
                side.Enqueue(run.Info.SweepName);
                if (!together.SignalAndWait(TimeSpan.FromMinutes(1), alone.Token))
                    await alone.CancelAsync(); // nor do the others wait then
                alone.Token.ThrowIfCancellationRequested();
            }

            await TestRuns.Report(run, token);
        });
        var client = bench.Services.GetRequiredService<ISweepClient>();

        var blocker = await client.SubmitAsync(Definition("gate", 2), new SubmitOptions { Workers = 2 });
        begun.Wait(TestContext.Current.CancellationToken); // both workers are taken
        var one = await client.SubmitAsync(Definition("one", samplers["one"]), new SubmitOptions { Workers = 2 });
        var other = await client.SubmitAsync(Definition("other", samplers["other"]), new SubmitOptions { Workers = 2 });
        await samplers["one"].QueuedBefore(2);
        await samplers["other"].QueuedBefore(2);
        gate.SetResult();
        foreach (var sweep in new[] { blocker, one, other })
            await client.WaitAsync(sweep.Id);

        Assert.Equal(Enumerable.Repeat("one other", Runs), pairs);
        Assert.Equal(Runs, (await client.FindAsync(one.Id))!.Counts.Completed);
        Assert.Equal(Runs, (await client.FindAsync(other.Id))!.Counts.Completed);
    }

    [Fact]
    public async Task Submit_HigherPriority_GoesFirst()
    {
        const int Runs = 20;
        var order = new ConcurrentQueue<string>();
        var (begun, gate) = (Signal(), Signal());
        Dictionary<string, AskedSampler> samplers = new() { ["low"] = new(Runs), ["high"] = new(Runs) };
        await using var bench = Bench(workers: 1, async (run, token) =>
        {
            if (run.Info.SweepName == "gate")
            {
                begun.SetResult();
                await gate.Task;
            }
            else
            {
                order.Enqueue(run.Info.SweepName);
                await samplers[run.Info.SweepName].QueuedBefore(run.Info.Number + 2); // a turn is kept only by who has the next run queued before this one ends
            }

            await TestRuns.Report(run, token);
        });
        var client = bench.Services.GetRequiredService<ISweepClient>();
        SubmitOptions two = new() { Workers = 2 }, urgent = new() { Workers = 2, Priority = 3 };

        var blocker = await client.SubmitAsync(Definition("gate", 1), two);
        await begun.Task; // the only worker is taken
        var low = await client.SubmitAsync(Definition("low", samplers["low"]), two);
        await samplers["low"].QueuedBefore(2);
        var high = await client.SubmitAsync(Definition("high", samplers["high"]), urgent);
        await samplers["high"].QueuedBefore(2);
        gate.SetResult();
        foreach (var sweep in new[] { blocker, low, high })
            await client.WaitAsync(sweep.Id);

        Assert.Equal(Enumerable.Repeat("high", Runs).Concat(Enumerable.Repeat("low", Runs)), order);
        Assert.Equal(3, (await client.FindAsync(high.Id))!.Priority);
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

    private static SweepDefinition Definition(string name, long runs) => SweepBench.Definition(runs, d => (d.Name, d.Trainable) = (name, "body"));

    /// <summary>As many runs as the sampler proposes.</summary>
    private static SweepDefinition Definition(string name, AskedSampler sampler) =>
        SweepBench.Definition(1000, d => (d.Name, d.Trainable, d.Method) = (name, "body", sampler.Method));

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static SweepBench Bench(Func<RunContext, CancellationToken, Task> body, string? home = null) =>
        new(configure: builder => builder.AddTrainable("body", body), home: home);

    /// <summary>A host with so many workers for all its sweeps together.</summary>
    private static SweepBench Bench(int workers, Func<RunContext, CancellationToken, Task> body) => new(configure: builder =>
    {
        builder.AddTrainable("body", body);
        builder.Services.Configure<OrchestratorOptions>(o => o.Workers = workers);
    });
}
