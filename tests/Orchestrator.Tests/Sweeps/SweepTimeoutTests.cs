using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

public sealed class SweepTimeoutTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    [Fact]
    public async Task Timeout_RunListens_FailsAsTimeout()
    {
        var time = new ManualTime();
        await using var bench = new SweepBench(time);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var running = bench.RunAsync(SweepBench.Definition(2, d => d.Timeout = Limit), async (run, token) =>
        {
            if (run.Info.Number == 0)
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            await TestRuns.Report(run, token);
        }, workers: 1);
        await begun.Task;
        time.Advance(Limit);
        var result = await running;

        var runs = await result.AllAsync();
        Assert.Equal(FailureKind.Timeout, runs[0].Failure!.Kind);
        Assert.Equal(Limit.TotalSeconds, runs[0].DurationSeconds);
        Assert.Equal(RunState.Completed, runs[1].State);
    }

    [Fact]
    public async Task Timeout_RunHangs_IsFailedFencedAndItsThreadReplaced()
    {
        var time = new ManualTime();
        await using var bench = new SweepBench(time);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hang = new ManualResetEventSlim();
        var late = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);

        var running = bench.RunAsync(SweepBench.Definition(3, d => d.Timeout = Limit), (run, token) =>
        {
            if (run.Info.Number == 0)
            {
                begun.SetResult();
                hang.Wait(CancellationToken.None); // listens to nobody, and blocks its thread
                try
                {
                    run.Report(9, ("loss", -1));
                    late.SetResult(null);
                }
                catch (OperationCanceledException cause)
                {
                    late.SetResult(cause);
                }
            }

            return TestRuns.Report(run, token);
        }, workers: 1);
        await begun.Task;
        time.Advance(Limit);
        await time.TimerSet(due => due == TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1));
        var result = await running; // while run 0 still hangs

        var runs = await result.AllAsync();
        Assert.Equal(FailureKind.Timeout, runs[0].Failure!.Kind);
        Assert.Contains("thread was given up", runs[0].Failure!.Message);
        Assert.Equal([RunState.Failed, RunState.Completed, RunState.Completed], runs.Select(r => r.State));

        hang.Set();
        Assert.IsAssignableFrom<OperationCanceledException>(await late.Task);
        Assert.Equal((1, 2), (result.Counts.Failed, result.Counts.Completed));
        Assert.Empty((await (await bench.Store).FindRunAsync(result.Id, 0))!.Metrics);
    }

    [Fact]
    public async Task Cancel_RunHangs_SweepEndsAfterTheGrace()
    {
        var time = new ManualTime();
        await using var bench = new SweepBench(time);
        var control = new SweepControl();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hang = new ManualResetEventSlim();

        var running = bench.RunAsync(SweepBench.Definition(1), (_, _) =>
        {
            begun.SetResult();
            hang.Wait(CancellationToken.None);
            return Task.CompletedTask;
        }, control: control);
        await begun.Task;
        control.Cancel();
        await time.TimerSet(due => due == TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        var result = await running;
        hang.Set();

        Assert.Equal(SweepState.Stopped, result.State);
        Assert.Equal(1, result.Counts.Canceled);
    }

    [Fact]
    public async Task Timeout_LongerThanAnyTimer_IsNoFault()
    {
        await using var bench = new SweepBench();

        var result = await bench.RunAsync(SweepBench.Definition(2, d => d.Timeout = TimeSpan.FromDays(100)), TestRuns.Report);

        Assert.Equal((SweepState.Completed, 2), (result.State, result.Counts.Completed));
    }

    [Fact]
    public async Task Timeout_LongerThanAnyTimer_EndsTheRunInTime()
    {
        var time = new ManualTime();
        await using var bench = new SweepBench(time);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var running = bench.RunAsync(SweepBench.Definition(1, d => d.Timeout = TimeSpan.FromDays(100)), async (_, token) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        await begun.Task;
        for (var day = 0; day < 100; day += 20)
        {
            Assert.False(running.IsCompleted);
            time.Advance(TimeSpan.FromDays(20));
        }

        Assert.Equal(FailureKind.Timeout, Assert.Single(await (await running).AllAsync()).Failure!.Kind);
    }
}
