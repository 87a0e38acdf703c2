using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Storage;
using Orchestrator.Sweeps.Steering;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

/// <summary>One bench executes a sweep; another one, with a store and locks of its own as another process would have, steers it.</summary>
public sealed class SteeringTests : IAsyncDisposable
{
    private readonly SweepBench _executor = new();
    private readonly SweepBench _other;
    private readonly ISweepClient _client;

    public SteeringTests()
    {
        _other = new SweepBench(home: _executor.Home);
        _client = _other.Services.GetRequiredService<ISweepClient>();
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _executor.DisposeAsync();
    }

    [Fact]
    public async Task PauseAndContinue_FromElsewhere_HoldsAndGoesOn()
    {
        var (id, running, executed) = await StartAsync(10_000_000);

        Assert.Contains("until the sweep is continued", await _client.PauseAsync(id));
        await EventsAsync(id, "sweep.paused", 1);
        Assert.Equal(SweepState.Paused, (await _client.FindAsync(id))!.State);
        Assert.Contains("already", await _client.PauseAsync(id));
        var paused = (await _client.FindAsync(id))!.Counts.Total;
        Assert.Contains("goes on", await _client.ContinueAsync(id));
        Assert.Contains("not paused", await _client.ContinueAsync(id));
        await EventsAsync(id, "run.completed", (int)paused + 100);
        await _client.StopAsync(id);

        Assert.Equal(SweepState.Stopped, (await running).State);
        Assert.True(executed.Count > paused);
    }

    [Fact]
    public async Task Stop_FromElsewhere_EndsItResumable()
    {
        var (id, running, _) = await StartAsync(10_000_000);
        await _client.StopAsync(id);

        Assert.Equal(SweepState.Stopped, (await running).State);
        Assert.Contains("not being executed", (await Assert.ThrowsAsync<SteeringException>(() => _client.ContinueAsync(id))).Message);
    }

    [Fact]
    public async Task Cancel_FromElsewhere_EndsTheRunsToo()
    {
        var begun = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _executor.RunAsync(SweepBench.Definition(5), async (run, token) =>
        {
            begun.TrySetResult(run.Info.SweepId);
            await Task.Delay(Timeout.Infinite, token);
        });

        await _client.CancelAsync(await begun.Task);

        var result = await running;
        Assert.Equal((SweepState.Stopped, 2L), (result.State, result.Counts.Canceled));
    }

    [Fact]
    public async Task Set_FromElsewhere_ChangesLimitsNowAndForTheResume()
    {
        var (now, most) = (0, 0);
        var begun = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var four = new Barrier(4);
        var set = new ManualResetEventSlim();
        var running = _executor.RunAsync(SweepBench.Definition(1000), (run, token) =>
        {
            begun.TrySetResult(run.Info.SweepId);
            if (set.IsSet && run.Info.Number is >= 600 and < 604)
                four.SignalAndWait(token); // four at once, or never
            var concurrent = Interlocked.Increment(ref now);
            most = Math.Max(most, concurrent);
            Interlocked.Decrement(ref now);
            if (!set.IsSet)
                set.Wait(token);
            return TestRuns.Report(run, token);
        }, workers: 1);
        var id = await begun.Task;

        Assert.Contains("limits.maxRuns is 700", await _client.SetAsync(id, new SweepSettings { MaxRuns = 700, MaxConcurrent = 4, Priority = 2 }));
        set.Set();
        var result = await running;

        Assert.Equal(700, result.Counts.Completed);
        var stored = (await _client.FindAsync(id))!;
        Assert.Equal((700L, 2), (stored.PlannedRuns, stored.Priority));
        Assert.Contains("\"maxRuns\": 700", stored.Definition.Replace("\":7", "\": 7", StringComparison.Ordinal));
        Assert.Contains("cannot be 5", (await Assert.ThrowsAsync<SteeringException>(() => _client.SetAsync(id, new SweepSettings { MaxRuns = 5 }))).Message);
    }

    [Fact]
    public async Task Set_LimitsOfRuns_HoldForAttemptsThatBeginFromThenOn()
    {
        var begun = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var caps = new ConcurrentDictionary<long, (long? Artifacts, long Log)>();
        var running = _executor.RunAsync(SweepBench.Definition(2), async (run, token) =>
        {
            caps[run.Info.Number] = (run.Info.Caps.Artifacts, run.Info.Caps.Log);
            begun.TrySetResult(run.Info.SweepId);
            if (run.Info.Number == 1)
                await Task.Delay(TimeSpan.FromMinutes(1), token); // until its time is over
            await gate.Task;
            await TestRuns.Report(run, token);
        }, workers: 1);
        var id = await begun.Task;

        var answer = await _client.SetAsync(id, new SweepSettings
        {
            Timeout = TimeSpan.FromMilliseconds(50), MaxAttempts = 3, Backoff = TimeSpan.FromMilliseconds(1), Artifacts = 1 << 20, Log = 1 << 10,
        });
        var packed = await Assert.ThrowsAsync<SteeringException>(() => _client.SetAsync(id, new SweepSettings { Memory = 1 << 20, Timeout = TimeSpan.FromDays(1) }));
        gate.SetResult();
        var runs = await (await running).AllAsync();

        Assert.Equal("From now on timeout is 0:00:00.05, retry.maxAttempts is 3, retry.backoff is 0:00:00.001, resources.artifacts is 1.0 MiB, resources.log is 1.0 KiB.", answer);
        Assert.Contains("stop it, set it, and resume it", packed.Message, StringComparison.Ordinal);
        Assert.Equal([(RunState.Completed, 1), (RunState.Failed, 3)], runs.Select(r => (r.State, r.Attempts)));
        Assert.Equal(FailureKind.Timeout, runs[1].Failure!.Kind);
        Assert.Contains("timeout of 0:00:00.05", runs[1].Failure!.Message, StringComparison.Ordinal);
        Assert.Equal([(null, 10L << 20), (1L << 20, 1L << 10)], new[] { caps[0], caps[1] });
    }

    [Fact]
    public async Task Set_LimitsOfRunsOfASweepThatNobodyExecutes_HoldForTheResume()
    {
        var first = await _executor.RunAsync(SweepBench.Definition(1), (_, _) => throw new IOException("broken"));
        await _client.RetryAsync(first.Id, RetrySelection.AllFailed);
        await _client.SetAsync(first.Id, new SweepSettings { MaxAttempts = 2, Memory = 5 << 20, Timeout = TimeSpan.FromHours(1) });
        var identity = (await _client.FindAsync(first.Id))!.Identity;

        var second = await _executor.ResumeAsync(first.Id, (_, _) => throw new IOException("broken"));

        Assert.Equal(3, (await second.AllAsync()).Single().Attempts);
        Assert.Equal(first.Sweep.Identity, identity);
        Assert.Contains("\"memory\":\"5MiB\"", (await _client.FindAsync(first.Id))!.Definition.Replace("\": \"", "\":\"", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (var wrong in new SweepSettings[] { new() { Timeout = TimeSpan.Zero }, new() { MaxAttempts = 0 }, new() { Backoff = TimeSpan.FromSeconds(-1) }, new() { Log = 0 } })
            await Assert.ThrowsAsync<SteeringException>(() => _client.SetAsync(first.Id, wrong));
    }

    [Fact]
    public async Task Retry_WhileExecuted_RunsTheFailedOnesAgain()
    {
        var broken = true;
        var failed = new SemaphoreSlim(0);
        var begun = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _executor.RunAsync(SweepBench.Definition(6), async (run, token) =>
        {
            begun.TrySetResult(run.Info.SweepId);
            if (run.Info.Number == 5)
                await gate.Task;
            else if (Volatile.Read(ref broken))
            {
                failed.Release();
                throw new IOException("broken");
            }

            await TestRuns.Report(run, token);
        }, workers: 1);
        var id = await begun.Task;
        for (var i = 0; i < 5; i++)
            await failed.WaitAsync();
        await EventsAsync(id, "run.failed", 5);
        Volatile.Write(ref broken, false);

        Assert.Contains("5 failed runs are queued again", await _client.RetryAsync(id, RetrySelection.AllFailed));
        gate.SetResult();
        var result = await running;

        Assert.Equal((6L, 0L), (result.Counts.Completed, result.Counts.Failed));
        Assert.Equal([2, 2, 2, 2, 2, 1], (await result.AllAsync()).Select(r => r.Attempts));
    }

    [Fact]
    public async Task RetryAndAdd_OfASweepThatEnded_ReopenIt()
    {
        var first = await _executor.RunAsync(SweepBench.Definition(10), (run, token) =>
            run.Info.Number < 3 ? throw new IOException("broken " + run.Id) : TestRuns.Report(run, token));
        var fingerprint = (await first.AllAsync())[0].Failure!.Fingerprint;

        Assert.Contains("0 failed runs", await _client.RetryAsync(first.Id, new RetrySelection { Fingerprint = "000000000000" }));
        Assert.Contains("1 failed run is", await _client.RetryAsync(first.Id, new RetrySelection { Runs = [1] }));
        Assert.Contains("2 failed runs are", await _client.RetryAsync(first.Id, new RetrySelection { Fingerprint = fingerprint }));
        Assert.Contains("limits.maxRuns is 15", await _client.SetAsync(first.Id, new SweepSettings { MoreRuns = 5 }));
        var second = await _executor.ResumeAsync(first.Id, TestRuns.Report);

        Assert.Equal((SweepState.Completed, 15L, 0L), (second.State, second.Counts.Completed, second.Counts.Failed));
    }

    [Fact]
    public async Task SetMaxConcurrent_EverythingIsQueuedAlready_WaitingWorkersStartIt()
    {
        var begun = new SemaphoreSlim(0);
        var id = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new SweepBench(home: _executor.Home, configure: b => b.Services.Configure<OrchestratorOptions>(o => o.Workers = 2));
        var running = host.RunAsync(SweepBench.Definition(500), async (run, token) =>
        {
            id.TrySetResult(run.Info.SweepId);
            if (run.Info.Number < 498)
            {
                await TestRuns.Report(run, token); // short runs, so that the last ones are queued ahead
                return;
            }

            begun.Release();
            await Task.Delay(Timeout.Infinite, token);
        }, workers: 1);
        Assert.True(await begun.WaitAsync(TimeSpan.FromMinutes(1)));

        await _client.SetAsync(await id.Task, new SweepSettings { MaxConcurrent = 2 });

        Assert.True(await begun.WaitAsync(TimeSpan.FromMinutes(1)), "The second run was not started.");
        await _client.CancelAsync(await id.Task);
        Assert.Equal(2, (await running).Counts.Canceled);
    }

    [Fact]
    public async Task SetDuration_OfASweepWhoseTimeIsOver_ReopensIt()
    {
        var time = new ManualTime();
        await using var bench = new SweepBench(time, home: _executor.Home);
        var first = await bench.RunAsync(SweepBench.Definition(4, d => d.Limits.Duration = TimeSpan.FromMinutes(1)), (run, token) =>
        {
            time.Advance(TimeSpan.FromSeconds(40));
            return TestRuns.Report(run, token);
        }, workers: 1);
        Assert.Equal((SweepEndKind.Duration, SweepState.Completed), (first.EndKind, first.State));

        await _client.SetAsync(first.Id, new SweepSettings { Priority = 1 });
        await _client.SetAsync(first.Id, new SweepSettings { Duration = TimeSpan.FromSeconds(61) });
        Assert.Equal(SweepState.Completed, (await _client.FindAsync(first.Id))!.State);
        await _client.SetAsync(first.Id, new SweepSettings { Duration = TimeSpan.FromHours(1) });
        var second = await bench.ResumeAsync(first.Id, TestRuns.Report);

        Assert.Equal((SweepEndKind.Exhausted, 4L), (second.EndKind, second.Counts.Completed));
    }

    [Fact]
    public async Task Steer_BehindARequestThatCannotBeRead_IsHeard()
    {
        var (id, running, _) = await StartAsync(10_000_000);
        var store = await _other.Store;
        var unreadable = new RequestAdded { Sweep = (await store.FindSweepAsync(id))!.Value.Key, Request = "{\"kind\": \"Dance\"}", At = DateTimeOffset.UnixEpoch };
        await store.AppendAsync(unreadable);

        await _client.StopAsync(id);

        Assert.Equal(SweepState.Stopped, (await running).State);
        Assert.False((await store.FindRequestAsync(await unreadable.Id))!.Accepted);
    }

    [Fact]
    public async Task Add_WhileTheLastRunsEndAfterTheTarget_TheSweepGoesOn()
    {
        var (id, second, gate) = (Source<string>(), Source<bool>(), Source<bool>());
        var watching = new Watching();
        var running = _executor.RunAsync(SweepBench.Definition(2, d => d.Metric = Metric.Minimize("loss") with { Target = 0.5 }), async (run, token) =>
        {
            id.TrySetResult(run.Info.SweepId);
            if (run.Info.Number == 1)
                second.SetResult(true);
            await (run.Info.Number == 0 ? second : gate).Task.WaitAsync(token); // both are running when the target is reached
            run.Report(0, ("loss", run.Info.Number == 0 ? 0.25 : 1));
        }, observer: watching);
        await watching.Stopping.Task;

        Assert.Contains("limits.maxRuns is 5", await _client.SetAsync(await id.Task, new SweepSettings { MoreRuns = 3 }));
        gate.SetResult(true);
        var result = await running;

        Assert.Equal((SweepState.Completed, 5L), (result.State, result.Counts.Completed));
        var steered = Assert.Single(watching.Steered);
        Assert.Equal((SweepState.Running, 5L, false), (steered.State, steered.PlannedRuns, steered.IsStopping));
    }

    [Fact]
    public async Task Set_WhileASweepIsStopping_CountsForItsResume()
    {
        var (id, gate) = (Source<string>(), Source<bool>());
        var watching = new Watching();
        var running = _executor.RunAsync(SweepBench.Definition(10), async (run, token) =>
        {
            id.TrySetResult(run.Info.SweepId);
            await gate.Task.WaitAsync(token);
            await TestRuns.Report(run, token);
        }, workers: 1, observer: watching);
        await _client.StopAsync(await id.Task);

        Assert.Contains("ending already", await _client.StopAsync(await id.Task));
        Assert.Contains("once the sweep is resumed", await _client.SetAsync(await id.Task, new SweepSettings { MaxRuns = 4 }));
        gate.SetResult(true);

        Assert.Equal(SweepState.Stopped, (await running).State);
        Assert.True(Assert.Single(watching.Steered).IsStopping);
        var resumed = await _executor.ResumeAsync(await id.Task, TestRuns.Report);
        Assert.Equal((SweepState.Completed, 4L), (resumed.State, resumed.Counts.Completed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Add_WhenTheLoopHasJustEnded_IsFollowedInTheStore(bool fromElsewhere)
    {
        using var watching = new Watching();
        var id = Source<string>();
        var running = _executor.RunAsync(SweepBench.Definition(2), (run, token) =>
        {
            id.TrySetResult(run.Info.SweepId);
            return TestRuns.Report(run, token);
        }, observer: watching);
        await watching.Ended.Task; // its lock is still held

        var client = fromElsewhere ? _client : _executor.Services.GetRequiredService<ISweepClient>();
        var asked = client.SetAsync(await id.Task, new SweepSettings { MoreRuns = 3 });
        watching.MayEnd.Set();
        await running;

        Assert.Contains("limits.maxRuns is 5", await asked);
        Assert.Equal((SweepState.Stopped, "extended"), ((await client.FindAsync(await id.Task))!.State, (await client.FindAsync(await id.Task))!.EndReason));
        Assert.Equal(5, (await _executor.ResumeAsync(await id.Task, TestRuns.Report)).Counts.Completed);
    }

    [Fact]
    public async Task Socket_OfADeadProcess_IsRemovedByWhoeverLooks_AndALiveOneIsNot()
    {
        var (id, running, _) = await StartAsync(10_000_000);
        var alive = SteeringSocket.PathOf(_executor.Home, id);
        Assert.Contains(alive, SteeringSocket.Standing());
        Assert.False(SteeringSocket.RemoveIfDead(alive));
        Assert.True(File.Exists(alive));

        var copy = _executor.CopyOfHome();
        var left = SteeringSocket.PathOf(copy, id);
        Leave(left);
        await using (var bench = new SweepBench(home: copy))
            Assert.Equal(SweepState.Interrupted, (await bench.Services.GetRequiredService<ISweepClient>().FindAsync(id))!.State);
        Assert.False(File.Exists(left));

        // By a name that no other who looks around, in this process or beside it, would take for one of ours.
        var unseen = left + ".unseen";
        Leave(unseen);
        Assert.True(SteeringSocket.RemoveIfDead(unseen));
        Assert.False(File.Exists(unseen));
        await _client.StopAsync(id);
        await running;
        Assert.False(File.Exists(alive));
        Directory.Delete(copy, recursive: true);

        static void Leave(string path)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(path + ".test"));
            File.Move(path + ".test", path);
        }
    }

    [Fact]
    public async Task Steer_UnknownSweep_SaysSo() =>
        await Assert.ThrowsAsync<SweepNotFoundException>(() => _client.StopAsync("nothing"));

    private static TaskCompletionSource<T> Source<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Watching : ISweepObserver, IDisposable
    {
        public ConcurrentQueue<SweepSteered> Steered { get; } = [];

        public TaskCompletionSource<bool> Stopping { get; } = Source<bool>();

        public TaskCompletionSource<bool> Ended { get; } = Source<bool>();

        public ManualResetEventSlim MayEnd { get; } = new();

        public void SweepSteered(SweepSteered steered) => Steered.Enqueue(steered);

        public void SweepStopping(string reason) => Stopping.TrySetResult(true);

        public void SweepEnded(SweepState state, string reason)
        {
            if (Stopping.Task.IsCompleted)
                return;
            Ended.TrySetResult(true);
            MayEnd.Wait(TimeSpan.FromMinutes(1));
        }

        public void Dispose() => MayEnd.Dispose();
    }

    private async Task EventsAsync(string id, string kind, int count)
    {
        await foreach (var change in _executor.Services.GetRequiredService<ISweepClient>().WatchAsync(id))
            if (change.Kind == kind && --count == 0)
                return;
    }

    private async Task<(string Id, Task<SweepResult> Running, ConcurrentBag<long> Executed)> StartAsync(long runs)
    {
        var begun = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var executed = new ConcurrentBag<long>();
        var running = _executor.RunAsync(SweepBench.Definition(runs), (run, token) =>
        {
            begun.TrySetResult(run.Info.SweepId);
            executed.Add(run.Info.Number);
            return TestRuns.Report(run, token);
        });
        return (await begun.Task, running, executed);
    }
}
