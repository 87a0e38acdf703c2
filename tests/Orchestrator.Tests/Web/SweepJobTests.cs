using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting;
using Orchestrator.Sweeps;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Jobs;

namespace Orchestrator.Tests.Web;

/// <summary>The states of a sweep's job, and what becomes of the sweep when they are changed.</summary>
public sealed class SweepJobTests
{
    private const string Enqueued = "Enqueued";
    private const string Processing = "Processing";
    private const string Succeeded = "Succeeded";
    private const string Failed = "Failed";
    private const string Deleted = "Deleted";

    [Fact]
    public async Task Submit_WithOneSlot_OneIsProcessingAndTheOtherWaits_UntilBothSucceed()
    {
        var gate = Signal();
        await using var bench = await WebBench.StartAsync((run, token) => gate.Task.WaitAsync(token).ContinueWith(_ => TestRuns.Report(run, token), token).Unwrap(), sweeps: 1);
        var first = await bench.Client.SubmitAsync(WebBench.Definition());
        await bench.UntilAsync(first.Id, Processing);
        var second = await bench.Client.SubmitAsync(WebBench.Definition());

        Assert.Equal(Enqueued, bench.Jobs.Find(second.Id)!.Value.State);
        Assert.Equal(SweepState.Queued, (await bench.Client.FindAsync(second.Id))!.State);
        gate.SetResult();
        Assert.Equal(SweepState.Completed, (await bench.Client.WaitAsync(second.Id)).State);
        var ended = await bench.UntilAsync(second.Id, Succeeded);
        Assert.Contains("3 completed", ended.Data["Result"], StringComparison.Ordinal);
        await bench.UntilAsync(first.Id, Succeeded);
    }

    [Fact]
    public async Task Ends_OfSweeps_AreTheStatesOfTheirJobs()
    {
        await using var bench = await WebBench.StartAsync((run, token) =>
            run.Info.SweepName == "none" || run.Info.Number == 0 ? throw new InvalidOperationException("no luck") : TestRuns.Report(run, token));
        var none = await bench.Client.SubmitAsync(WebBench.Definition(change: d => d.Name = "none"));
        var some = await bench.Client.SubmitAsync(WebBench.Definition(change: d => d.Name = "some"));
        var broken = await bench.Client.SubmitAsync(WebBench.Definition(100, d =>
        {
            d.Name = "none";
            d.Failure.StopAfterConsecutive = 2;
        }));

        var failed = await bench.UntilAsync(none.Id, Failed);
        Assert.Equal($"No run succeeded: 3 failed. The first, {none.Id}/000000: no luck", failed.Reason);
        Assert.DoesNotContain("   at ", failed.Data["ExceptionDetails"], StringComparison.Ordinal);
        Assert.Contains("2 completed, 1 failed", (await bench.UntilAsync(some.Id, Succeeded)).Data["Result"], StringComparison.Ordinal);
        Assert.Contains("no luck", (await bench.UntilAsync(broken.Id, Failed)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_WhileQueued_StopsTheSweep_AndRequeueRunsIt()
    {
        var gate = Signal();
        await using var bench = await WebBench.StartAsync((run, token) => gate.Task.WaitAsync(token).ContinueWith(_ => TestRuns.Report(run, token), token).Unwrap(), sweeps: 1);
        var first = await bench.Client.SubmitAsync(WebBench.Definition());
        await bench.UntilAsync(first.Id, Processing);
        var second = await bench.Client.SubmitAsync(WebBench.Definition());
        var job = bench.Jobs.Find(second.Id)!.Value.Id;

        Assert.True(Client(bench).Delete(job));
        Assert.Equal(SweepState.Stopped, (await bench.Client.WaitAsync(second.Id)).State);
        Assert.Equal(Deleted, bench.Jobs.Find(second.Id)!.Value.State);
        gate.SetResult();
        Assert.True(Client(bench).Requeue(job));
        await bench.UntilAsync(second.Id, Succeeded);
        Assert.Equal(3, (await bench.Client.FindAsync(second.Id))!.Counts.Completed);
    }

    [Fact]
    public async Task Delete_WhileProcessing_EndsTheRuns_AndRequeueGoesOn()
    {
        var (begun, isFirst) = (Signal(), true);
        await using var bench = await WebBench.StartAsync(async (run, token) =>
        {
            if (Volatile.Read(ref isFirst))
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            await TestRuns.Report(run, token);
        });
        var sweep = await bench.Client.SubmitAsync(WebBench.Definition());
        await begun.Task;
        var job = bench.Jobs.Find(sweep.Id)!.Value.Id;

        Client(bench).Delete(job);
        var stopped = await bench.Client.WaitAsync(sweep.Id);
        Assert.Equal((SweepState.Stopped, 2L), (stopped.State, stopped.Counts.Canceled));
        Volatile.Write(ref isFirst, false);
        Client(bench).Requeue(job);
        await bench.UntilAsync(sweep.Id, Succeeded);
        Assert.Equal((job, 3L), (bench.Jobs.Find(sweep.Id)!.Value.Id, (await bench.Client.FindAsync(sweep.Id))!.Counts.Completed));
    }

    [Fact]
    public async Task Requeue_WhileProcessing_EndsTheExecutionAndGoesOnInAnother()
    {
        var (begun, isFirst) = (Signal(), true);
        await using var bench = await WebBench.StartAsync(async (run, token) =>
        {
            if (Volatile.Read(ref isFirst))
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            await TestRuns.Report(run, token);
        });
        var sweep = await bench.Client.SubmitAsync(WebBench.Definition());
        await begun.Task;
        Volatile.Write(ref isFirst, false);

        Client(bench).Requeue(bench.Jobs.Find(sweep.Id)!.Value.Id);

        await bench.UntilAsync(sweep.Id, Succeeded);
        Assert.Equal(3, (await bench.Client.FindAsync(sweep.Id))!.Counts.Completed);
    }

    [Fact]
    public async Task Requeue_AfterFailures_TriesThemAgain_WhileResumeDoesNot()
    {
        var fails = true;
        await using var bench = await WebBench.StartAsync((run, token) =>
            run.Info.Number == 0 && Volatile.Read(ref fails) ? throw new InvalidOperationException("no luck") : TestRuns.Report(run, token));
        var sweep = await bench.Client.SubmitAsync(WebBench.Definition());
        await bench.UntilAsync(sweep.Id, Succeeded);
        Volatile.Write(ref fails, false);
        await bench.Client.SetAsync(sweep.Id, new SweepSettings { MoreRuns = 1 });
        await bench.Client.ResumeAsync(sweep.Id);
        var resumed = await bench.Client.WaitAsync(sweep.Id);
        Assert.Equal((3L, 1L), (resumed.Counts.Completed, resumed.Counts.Failed));
        await bench.UntilAsync(sweep.Id, Succeeded);

        Client(bench).Requeue(bench.Jobs.Find(sweep.Id)!.Value.Id);

        while ((await bench.Client.FindAsync(sweep.Id))!.Counts is not { Completed: 4, Failed: 0 })
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        await bench.UntilAsync(sweep.Id, Succeeded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_ByTheClient_EndsTheJobAsDeleted(bool whileQueued)
    {
        var begun = Signal();
        await using var bench = await WebBench.StartAsync(async (_, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        }, sweeps: 1);
        var first = await bench.Client.SubmitAsync(WebBench.Definition());
        await begun.Task;
        var sweep = whileQueued ? await bench.Client.SubmitAsync(WebBench.Definition()) : first;

        await bench.Client.CancelAsync(sweep.Id);

        Assert.Contains("nded on request", (await bench.UntilAsync(sweep.Id, Deleted)).Reason, StringComparison.Ordinal);
        Assert.Equal(SweepState.Stopped, (await bench.Client.FindAsync(sweep.Id))!.State);
    }

    [Fact]
    public async Task Cancel_ByAnotherProcessWhileQueued_EndsTheJobAsDeletedAtItsTurn()
    {
        var gate = Signal();
        await using var bench = await WebBench.StartAsync((run, token) => gate.Task.WaitAsync(token).ContinueWith(_ => TestRuns.Report(run, token), token).Unwrap(), sweeps: 1);
        var first = await bench.Client.SubmitAsync(WebBench.Definition());
        await bench.UntilAsync(first.Id, Processing);
        var second = await bench.Client.SubmitAsync(WebBench.Definition());
        await using (var elsewhere = new SweepBench(home: bench.Home))
            await elsewhere.Services.GetRequiredService<ISweepClient>().CancelAsync(second.Id);
        gate.SetResult();

        Assert.Contains("nded on request", (await bench.UntilAsync(second.Id, Deleted)).Reason, StringComparison.Ordinal);
        Assert.Equal((SweepState.Stopped, 0L), ((await bench.Client.WaitAsync(second.Id)).State, (await bench.Client.FindAsync(second.Id))!.Counts.Total));
    }

    [Fact]
    public async Task Stop_OfTheHost_QueuesTheJob_AndTheNextLifeGoesOnWithIt()
    {
        var begun = Signal();
        var isFirst = true;
        async Task Body(RunContext run, CancellationToken token)
        {
            if (Volatile.Read(ref isFirst) && run.Info.Number == 1)
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            await TestRuns.Report(run, token);
        }

        await using var first = await WebBench.StartAsync(Body);
        var sweep = await first.Client.SubmitAsync(WebBench.Definition());
        await begun.Task;
        await first.Host.Host.StopAsync();
        Assert.Equal(SweepState.Interrupted, (await first.Client.FindAsync(sweep.Id))!.State);
        var (job, state) = first.Jobs.Find(sweep.Id)!.Value;
        Assert.Equal(Enqueued, state);

        Volatile.Write(ref isFirst, false);
        await using var second = await WebBench.StartAsync(Body, before: first);
        await second.UntilAsync(sweep.Id, Succeeded);
        Assert.Equal(job, second.Jobs.Find(sweep.Id)!.Value.Id);
        Assert.Equal(3, (await second.Client.FindAsync(sweep.Id))!.Counts.Completed);
        Assert.Equal(1, first.Storage.GetMonitoringApi().SucceededListCount());
    }

    [Fact]
    public async Task Start_WithJobsOfADeadLife_QueuesThemAgain_AndCancelsWhatWasDeletedMeanwhile()
    {
        var begun = new CountdownEvent(2);
        var isFirst = true;
        async Task Body(RunContext run, CancellationToken token)
        {
            if (Volatile.Read(ref isFirst))
            {
                begun.Signal();
                await Task.Delay(Timeout.Infinite, token);
            }

            await TestRuns.Report(run, token);
        }

        await using var first = await WebBench.StartAsync((run, token) => run.Info.SweepName == "ended" ? TestRuns.Report(run, token) : Body(run, token));
        var ended = await first.Client.SubmitAsync(WebBench.Definition(1, d => d.Name = "ended"));
        await first.UntilAsync(ended.Id, Succeeded);
        var live = await first.Client.SubmitAsync(WebBench.Definition(1));
        var deleted = await first.Client.SubmitAsync(WebBench.Definition(1));
        begun.Wait(TestContext.Current.CancellationToken);
        await first.Host.Host.StopAsync();
        // As a kill leaves it: recorded as processed by a server, and in no queue.
        using (var connection = first.Storage.GetConnection())
        {
            for (var i = 0; i < 2; i++)
                connection.FetchNextJob([SweepJobs.Queue], TestContext.Current.CancellationToken).RemoveFromQueue();
        }

        foreach (var sweep in new[] { live, ended })
            Client(first).ChangeState(first.Jobs.Find(sweep.Id)!.Value.Id, new ProcessingOfTheDead());
        Client(first).Delete(first.Jobs.Find(deleted.Id)!.Value.Id);
        Volatile.Write(ref isFirst, false);

        await using var second = await WebBench.StartAsync(Body, before: first);

        await second.UntilAsync(live.Id, Succeeded);
        await second.UntilAsync(ended.Id, Succeeded); // killed between the end of the sweep and that of its job
        Assert.Equal(Deleted, second.Jobs.Find(deleted.Id)!.Value.State);
        Assert.Equal(SweepState.Stopped, (await second.Client.FindAsync(deleted.Id))!.State);
    }

    [Fact]
    public async Task Submit_WhoseCallerGivesUp_IsExecutedOrNotRecorded()
    {
        await using var bench = await WebBench.StartAsync(TestRuns.Report);
        for (var i = 0; i < 60; i++)
        {
            using var caller = new CancellationTokenSource(TimeSpan.FromMicroseconds(i * 200));
            await Task.WhenAny(bench.Client.SubmitAsync(WebBench.Definition(1), cancellationToken: caller.Token));
        }

        await foreach (var sweep in bench.Client.ListAsync(cancellationToken: TestContext.Current.CancellationToken))
            Assert.Equal(SweepState.Completed, (await bench.Client.WaitAsync(sweep.Id)).State);
    }

    [Fact]
    public async Task Removal_OfAQueuedSweep_EndsItsJobAndItsWaiters()
    {
        var gate = Signal();
        await using var bench = await WebBench.StartAsync((run, token) => gate.Task.WaitAsync(token).ContinueWith(_ => TestRuns.Report(run, token), token).Unwrap(), sweeps: 1);
        var first = await bench.Client.SubmitAsync(WebBench.Definition());
        await bench.UntilAsync(first.Id, Processing);
        var second = await bench.Client.SubmitAsync(WebBench.Definition());
        var waiter = bench.Client.WaitAsync(second.Id);

        Assert.True(await bench.Host.Services.GetRequiredService<SweepRemoval>().RemoveAsync(second.Id, TestContext.Current.CancellationToken));
        gate.SetResult();

        await Assert.ThrowsAsync<SweepNotFoundException>(() => waiter);
        Assert.Equal("The sweep was removed.", (await bench.UntilAsync(second.Id, Deleted)).Reason);
    }

    [Fact]
    public async Task Job_WhoseSweepAnotherProcessHolds_LooksOnceAWhile_AndLogsNoError()
    {
        var gate = Signal();
        using var log = new Tracking.ListLogger<SweepScheduler>();
        var time = new LookTime();
        await using var bench = await WebBench.StartAsync(
            (run, token) => gate.Task.WaitAsync(token).ContinueWith(_ => TestRuns.Report(run, token), token).Unwrap(),
            sweeps: 1,
            register: services => services.AddSingleton<TimeProvider>(time).AddSingleton<ILogger<SweepScheduler>>(log));
        var first = await bench.Client.SubmitAsync(WebBench.Definition());
        await bench.UntilAsync(first.Id, Processing);
        var second = await bench.Client.SubmitAsync(WebBench.Definition());
        using (SweepLock.TryTake(bench.Host.Services.GetRequiredService<OrchestratorHome>().FolderOf(second.Id)))
        {
            gate.SetResult();
            await bench.UntilAsync(second.Id, Processing);
            await time.Looked.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        await bench.UntilAsync(second.Id, Succeeded);
        Assert.Empty(log.At(LogLevel.Error));
    }

    [Fact]
    public async Task Start_WithWaitingSweeps_KeepsTheirOrder()
    {
        var (gate, begun) = (Signal(), Signal());
        var order = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var ids = new List<string>();
        await using var first = await WebBench.StartAsync(
            (_, token) =>
            {
                begun.TrySetResult();
                return gate.Task.WaitAsync(token);
            },
            sweeps: 1);
        for (var i = 0; i < 4; i++)
            ids.Add((await first.Client.SubmitAsync(WebBench.Definition(1))).Id);
        await begun.Task;
        await first.Host.Host.StopAsync();

        await using var second = await WebBench.StartAsync(
            (run, token) =>
            {
                order.Enqueue(run.Info.SweepId);
                return TestRuns.Report(run, token);
            },
            sweeps: 1, before: first, storage: new InMemoryStorage());
        foreach (var id in ids)
            await second.UntilAsync(id, Succeeded);

        Assert.Equal(ids, order);
    }

    [Fact]
    public async Task Job_ThatHasEnded_TakesTheWayToItAlong()
    {
        await using var bench = await WebBench.StartAsync(TestRuns.Report);
        var sweep = await bench.Client.SubmitAsync(WebBench.Definition(1));
        await bench.UntilAsync(sweep.Id, Succeeded);

        using var connection = (JobStorageConnection)bench.Storage.GetConnection();
        Assert.InRange(connection.GetHashTtl(SweepJobs.HashOf(sweep.Id)), TimeSpan.FromMinutes(1), bench.Storage.JobExpirationTimeout);
        Client(bench).Requeue(bench.Jobs.Find(sweep.Id)!.Value.Id);
        await bench.UntilAsync(sweep.Id, Succeeded);
        Assert.NotNull(bench.Jobs.Find(sweep.Id));
    }

    /// <summary>The state in which a killed server leaves a job.</summary>
    private sealed class ProcessingOfTheDead : IState
    {
        public string Name => Processing;

        public string Reason => "";

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() =>
            new() { ["StartedAt"] = JobHelper.SerializeDateTime(DateTime.UtcNow), ["ServerId"] = "dead", ["WorkerId"] = "dead" };
    }

    /// <summary>Tells of the first timer of a second, and lets those end at once.</summary>
    private sealed class LookTime : TimeProvider
    {
        private readonly TaskCompletionSource _looked = Signal();

        public Task Looked => _looked.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != TimeSpan.FromSeconds(1))
                return System.CreateTimer(callback, state, dueTime, period);
            _looked.TrySetResult();
            return System.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
        }
    }

    private static BackgroundJobClient Client(WebBench bench) => new(bench.Storage);

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
