using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using Orchestrator.Storage;
using Orchestrator.Sweeps;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

public sealed class SweepStopTests
{
    [Fact]
    public async Task Stop_WhileRunning_LetsRunsEndAndResumeRunsTheRestOnce()
    {
        await using var bench = new SweepBench();
        var control = new SweepControl();
        var stopping = new StoppingObserver();
        var executed = new ConcurrentQueue<long>();
        async Task Body(RunContext run, CancellationToken token)
        {
            executed.Enqueue(run.Info.Number);
            if (run.Info.Number == 25)
                control.Stop();
            if (run.Info.Number >= 25)
                await stopping.Heard; // else all may have ended before the request is heard
            await TestRuns.Report(run, token);
        }

        var stopped = await bench.RunAsync(SweepBench.Definition(200), Body, control: control, observer: stopping);

        Assert.Equal(SweepState.Stopped, stopped.State);
        Assert.Equal(SweepEndKind.Requested, stopped.EndKind);
        Assert.Equal(executed.Count, stopped.Counts.Completed);
        Assert.Equal(0, stopped.Counts.Canceled);

        var resumed = await bench.ResumeAsync(stopped.Id, Body);

        Assert.Equal(SweepState.Completed, resumed.State);
        Assert.Equal(200, resumed.Counts.Completed);
        Assert.Equal(Enumerable.Range(0, 200).Select(n => (long)n), executed.Order());
    }

    [Fact]
    public async Task Cancel_ByToken_RecordsCanceledThrowsAndResumeRunsThemAgain()
    {
        await using var bench = new SweepBench();
        using var source = new CancellationTokenSource();
        string? id = null;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.RunAsync(
            SweepBench.Definition(10),
            async (run, token) =>
            {
                id = run.Info.SweepId;
                if (run.Info.Number == 4)
                    await source.CancelAsync();
                if (run.Info.Number >= 3)
                    await Task.Delay(Timeout.Infinite, token);
                await TestRuns.Report(run, token);
            },
            cancellationToken: source.Token));

        var store = await bench.Store;
        var stored = (await store.FindSweepAsync(id!))!.Value.Sweep;
        Assert.Equal(SweepState.Stopped, stored.State);
        Assert.Equal(3, stored.Counts.Completed);
        Assert.Equal(2, stored.Counts.Canceled);
        Assert.Equal(0, stored.Counts.Running);

        var resumed = await bench.ResumeAsync(id!, TestRuns.Report);
        Assert.Equal(10, resumed.Counts.Completed);
        Assert.Equal(10, resumed.Counts.Total);
        Assert.Equal([1, 1, 1, 2, 2, 1, 1, 1, 1, 1], (await resumed.AllAsync()).Select(r => r.Attempts));
    }

    [Fact]
    public async Task Cancel_SeenAsReason_ByTheRun()
    {
        await using var bench = new SweepBench();
        var control = new SweepControl();
        var reason = CancellationReason.None;

        await bench.RunAsync(
            SweepBench.Definition(1),
            async (run, token) =>
            {
                control.Cancel();
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    reason = run.CancellationReason;
                }
            },
            control: control);

        Assert.Equal(CancellationReason.Canceled, reason);
    }

    [Fact]
    public async Task Resume_WhileExecuted_IsRefused()
    {
        await using var bench = new SweepBench();
        await using var second = new SweepBench(home: bench.Home);
        var begun = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var running = bench.RunAsync(SweepBench.Definition(1), async (run, token) =>
        {
            begun.SetResult(run.Info.SweepId);
            await gate.Task;
            await TestRuns.Report(run, token);
        });
        var id = await begun.Task;

        Assert.Equal(id, (await Assert.ThrowsAsync<SweepBusyException>(() => second.ResumeAsync(id, TestRuns.Report))).Sweep);
        gate.SetResult();
        Assert.Equal(1, (await running).Counts.Completed);
    }

    [Fact]
    public async Task Resume_Completed_RunsNothing()
    {
        await using var bench = new SweepBench();
        var first = await bench.RunAsync(SweepBench.Definition(5), TestRuns.Report);

        var again = await bench.ResumeAsync(first.Id, (_, _) => throw new InvalidOperationException("must not be called"));

        Assert.Equal(SweepState.Completed, again.State);
        Assert.Equal(5, again.Counts.Completed);
    }

    [Fact]
    public async Task Resume_Unknown_SaysSo()
    {
        await using var bench = new SweepBench();
        await Assert.ThrowsAsync<SweepNotFoundException>(() => bench.ResumeAsync("nothing", TestRuns.Report));
    }

    [Fact]
    public async Task Resume_AfterItsProcessVanished_RunsTheLostAttemptsAgainAndNothingElse()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(6, d => d.Replicates = 3);
        using var begun = new CountdownEvent(2);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string? id = null;
        var running = bench.RunAsync(definition, async (run, token) =>
        {
            id = run.Info.SweepId;
            if (run.Info.Number >= 4)
            {
                begun.Signal();
                await gate.Task;
            }

            await TestRuns.Report(run, token);
        });
        begun.Wait();
        await (await bench.Store).FlushAsync();
        await using var killed = new SweepBench(home: bench.CopyOfHome());
        gate.SetResult();
        var before = await (await running).AllAsync();

        var executed = new ConcurrentQueue<long>();
        var resumed = await killed.ResumeAsync(id!, (run, token) =>
        {
            executed.Enqueue(run.Info.Number);
            return TestRuns.Report(run, token);
        });

        Assert.Equal([4L, 5L], executed.Order());
        Assert.Equal(6, resumed.Counts.Completed);
        var after = await resumed.AllAsync();
        Assert.Equal(before.Select(r => (r.Seed, r.Parameters, r.Objective)), after.Select(r => (r.Seed, r.Parameters, r.Objective)));
        var attempts = await (await killed.Store).AttemptsAsync(id!, 4);
        Assert.Equal(2, attempts.Count);
        Assert.Equal(FailureKind.WorkerLost, attempts[0].Failure!.Kind);
        Assert.Null(attempts[1].Failure);
        Directory.Delete(killed.Home, recursive: true);
    }

    [Fact]
    public async Task Control_AfterTheEnd_IsHarmless()
    {
        await using var bench = new SweepBench();
        var control = new SweepControl();
        await bench.RunAsync(SweepBench.Definition(2), TestRuns.Report, control: control);

        control.Stop();
        control.Cancel();
    }

    [Fact]
    public async Task Resume_OfAFaultThatLeftARunRunning_RunsItAgain()
    {
        await using var bench = new SweepBench();
        var control = new SweepControl();
        var stopped = await bench.RunAsync(
            SweepBench.Definition(6),
            (run, token) =>
            {
                if (run.Info.Number == 2)
                    control.Stop();
                return TestRuns.Report(run, token);
            },
            workers: 1,
            control: control);
        var store = await bench.Store;
        var (key, _) = (await store.FindSweepAsync(stopped.Id))!.Value;
        var at = DateTimeOffset.UnixEpoch;
        var run = new RunKey(key, (await stopped.AllAsync()).Count);
        await store.AppendAsync(new RunQueued { Run = run, Name = "left", Proposal = run.Number, Replicate = 0, Seed = 0, Parameters = new([new("x", 0.5)]), At = at });
        await store.AppendAsync(new AttemptStarted { Run = run, Attempt = 1, Lease = 1, Worker = "w", At = at });
        await store.AppendAsync(new SweepChanged { Sweep = key, State = SweepState.Failed, At = at });
        await store.FlushAsync();

        var resumed = await bench.ResumeAsync(stopped.Id, TestRuns.Report);

        Assert.Equal((SweepState.Completed, Math.Max(6, run.Number + 1), 0), (resumed.State, resumed.Counts.Completed, resumed.Counts.Running));
    }

    [Fact]
    public async Task Cancel_AllRuns_IsAWarning()
    {
        using var log = new Warnings();
        await using var bench = new SweepBench(configure: b => b.Services.AddLogging(l => l.AddProvider(log)));
        var control = new SweepControl();
        async Task Body(RunContext run, CancellationToken token)
        {
            control.Cancel();
            await Task.Delay(Timeout.Infinite, token);
        }

        var result = await bench.Services.GetRequiredService<SweepScheduler>().RunAndLogAsync(
            new SweepRequest { Definition = SweepBench.Definition(1), Delegate = TrainableRunner.OfDelegate("test", Body), Workers = 1, Control = control },
            TestContext.Current.CancellationToken);

        Assert.Equal((0, 1), (result.Counts.Completed, result.Counts.Canceled));
        Assert.Contains(log.Lines, l => l.Contains("none of its 1 run(s) completed", StringComparison.Ordinal));
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
