using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

public sealed class SweepRetryTests
{
    [Fact]
    public async Task Retry_FailsTwiceThenSucceeds_CompletesWithThreeAttempts()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(4, d => d.Retry.MaxAttempts = 3);

        var result = await bench.RunAsync(definition, (run, token) =>
            run.Info.Attempt < 3 ? throw new IOException("not yet") : TestRuns.Report(run, token));

        Assert.Equal(4, result.Counts.Completed);
        Assert.All(await result.AllAsync(), r => Assert.Equal(3, r.Attempts));
        var attempts = await (await bench.Store).AttemptsAsync(result.Id, 0);
        Assert.Equal([RunState.Failed, RunState.Failed, RunState.Completed], attempts.Select(a => a.State));
        Assert.Equal("not yet", attempts[0].Failure!.Message);
    }

    [Fact]
    public async Task Retry_AttemptsUsedUp_FailsWithTheLastFailure()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(1, d => d.Retry.MaxAttempts = 2);

        var result = await bench.RunAsync(definition, (run, _) => throw new IOException($"attempt {run.Info.Attempt}"));

        var run = Assert.Single(await result.AllAsync());
        Assert.Equal((RunState.Failed, 2, "attempt 2"), (run.State, run.Attempts, run.Failure!.Message));
    }

    [Fact]
    public async Task Retry_ByHand_HasAllItsAttemptsOnceMore_CountedOverResumes()
    {
        await using var bench = new SweepBench();
        var client = bench.Services.GetRequiredService<ISweepClient>();
        var definition = SweepBench.Definition(1, d => d.Retry.MaxAttempts = 3);
        SweepControl? stop = null;
        Task Fail(RunContext run, CancellationToken token)
        {
            if (run.Info.Attempt == 4)
                stop!.Stop("on purpose");
            throw new IOException("broken");
        }

        async Task<int> AttemptsAsync(Task<SweepResult> executing) => (await (await executing).AllAsync()).Single().Attempts;

        Assert.Equal(3, await AttemptsAsync(bench.RunAsync(definition, Fail)));
        var id = (await client.ListAsync().SingleAsync()).Id;
        await client.RetryAsync(id, RetrySelection.AllFailed);
        Assert.Equal(4, await AttemptsAsync(bench.ResumeAsync(id, Fail, control: stop = new SweepControl())));
        Assert.Equal(6, await AttemptsAsync(bench.ResumeAsync(id, Fail)));
    }

    [Fact]
    public async Task Retry_OnOtherKinds_IsNotTriedAgain()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(1, d =>
        {
            d.Retry.MaxAttempts = 5;
            d.Retry.On.Add(FailureKind.Timeout);
        });

        var result = await bench.RunAsync(definition, (_, _) => throw new IOException("broken"));

        Assert.Equal(1, (await result.AllAsync())[0].Attempts);
    }

    [Fact]
    public async Task Retry_Backoff_WaitsDoublingBeforeEachFurtherAttempt()
    {
        var time = new ManualTime();
        await using var bench = new SweepBench(time);
        var begun = new List<DateTimeOffset>();
        var definition = SweepBench.Definition(1, d => (d.Retry.MaxAttempts, d.Retry.Backoff) = (3, TimeSpan.FromSeconds(10)));

        var running = bench.RunAsync(definition, (run, token) =>
        {
            begun.Add(time.GetUtcNow());
            return run.Info.Attempt < 3 ? throw new IOException("not yet") : TestRuns.Report(run, token);
        });
        await time.TimerSet(due => due > TimeSpan.FromSeconds(9) && due < TimeSpan.FromSeconds(11));
        time.Advance(TimeSpan.FromSeconds(10.5));
        await time.TimerSet(due => due > TimeSpan.FromSeconds(19) && due < TimeSpan.FromSeconds(21));
        time.Advance(TimeSpan.FromSeconds(20.5));
        await running;

        Assert.Equal([0.0, 10.5, 31.0], begun.Select(b => (b - begun[0]).TotalSeconds));
    }

    [Fact]
    public async Task Retry_WallClockSetBack_IsNotLate()
    {
        var time = new SetBackTime();
        await using var bench = new SweepBench(time);
        var definition = SweepBench.Definition(1, d => (d.Retry.MaxAttempts, d.Retry.Backoff) = (2, TimeSpan.FromMilliseconds(300)));

        var running = bench.RunAsync(definition, (run, token) =>
        {
            if (run.Info.Attempt == 2)
                return TestRuns.Report(run, token);
            // After the wait has begun: by a tenth of a second, while nobody looks.
            _ = Task.Delay(100, CancellationToken.None).ContinueWith(_ => time.Back = TimeSpan.FromDays(1), TaskScheduler.Default);
            throw new IOException("not yet");
        });

        Assert.Equal(1, (await running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Counts.Completed);
    }

    private sealed class SetBackTime : TimeProvider
    {
        public TimeSpan Back { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Back;
    }
}
