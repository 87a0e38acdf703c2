using System.Collections.Concurrent;
using Orchestrator.Sweeps.Steering;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

/// <summary>A run that ran out of memory is tried again alone.</summary>
public sealed class SweepAloneTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Retry_AfterOutOfMemory_IsBesideNoRunOfAnySweep(int workers)
    {
        await using var bench = new SweepBench();
        var (running, beside, alone) = (0, 0, 0);
        async Task Body(RunContext run, CancellationToken token)
        {
            var others = Interlocked.Increment(ref running) - 1;
            try
            {
                if (run.Info is { Attempt: 1, Number: 2 or 3 or 7 })
                    throw new InsufficientMemoryException("too much");
                await Task.Delay(3, token);
                if (run.Info.Attempt == 2)
                {
                    Interlocked.Increment(ref alone);
                    Interlocked.Add(ref beside, others + Volatile.Read(ref running) - 1);
                }

                await TestRuns.Report(run, token);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }

        // Pools that share the machine's processors: the same one here.
        var results = await Task.WhenAll(
            bench.RunAsync(SweepBench.Definition(80, d => d.Retry.MaxAttempts = 2), Body, workers),
            bench.RunAsync(SweepBench.Definition(80, d => d.Retry.MaxAttempts = 2), Body, workers));

        Assert.All(results, r => Assert.Equal(80, r.Counts.Completed));
        Assert.Equal((6, 0), (alone, beside));
    }

    [Fact]
    public async Task Retry_OutOfMemoryAlone_IsFailedWhateverRetrySays()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(3, d => d.Retry.MaxAttempts = 5);

        var result = await bench.RunAsync(definition, (run, token) =>
            run.Info.Number == 1 ? throw new InsufficientMemoryException("too much") : TestRuns.Report(run, token));

        var runs = await result.AllAsync();
        Assert.Equal((RunState.Failed, 2, FailureKind.OutOfMemory), (runs[1].State, runs[1].Attempts, runs[1].Failure!.Kind));
        Assert.StartsWith("too much", runs[1].Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("ran alone", runs[1].Failure!.Message, StringComparison.Ordinal);
        var first = (await (await bench.Store).AttemptsAsync(result.Id, 1))[0].Failure!;
        Assert.Equal(("too much", runs[1].Failure!.Fingerprint), (first.Message, first.Fingerprint));
        Assert.Equal(2, result.Counts.Completed);
    }

    [Fact]
    public async Task Retry_AnotherFailureAlone_IsTriedAgainAsRetrySays()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(1, d => d.Retry.MaxAttempts = 4);

        var result = await bench.RunAsync(definition, (run, token) => run.Info.Attempt switch
        {
            1 => throw new InsufficientMemoryException("too much"),
            2 or 3 => throw new IOException("not yet"),
            _ => TestRuns.Report(run, token),
        });

        var run = Assert.Single(await result.AllAsync());
        Assert.Equal((RunState.Completed, 4), (run.State, run.Attempts));
    }

    [Theory]
    [InlineData(1, FailureKind.OutOfMemory)]
    [InlineData(5, FailureKind.Timeout)]
    public async Task Retry_NotAllowed_FailsAtOnce(int attempts, FailureKind on)
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(1, d =>
        {
            d.Retry.MaxAttempts = attempts;
            d.Retry.On.Add(on);
        });

        var result = await bench.RunAsync(definition, (_, _) => throw new InsufficientMemoryException("too much"));

        var run = Assert.Single(await result.AllAsync());
        Assert.Equal((1, "too much"), (run.Attempts, run.Failure!.Message));
    }

    [Fact]
    public async Task Retry_WaitsToBeAlone_TakesNobodysPlaceMeanwhile()
    {
        var time = new ManualTime();
        await using var bench = new SweepBench(time);
        using var together = new Barrier(2);
        var definition = SweepBench.Definition(5, d => d.Retry.MaxAttempts = 2);

        var result = await bench.RunAsync(definition, (run, token) =>
        {
            if (run.Info is { Number: 0, Attempt: 1 })
            {
                time.Advance(TimeSpan.FromMinutes(1)); // runs so long that nothing is queued ahead
                throw new InsufficientMemoryException("too much");
            }

            // The others need each other, two and two: with one place only the second would never come.
            Assert.True(run.Info.Number == 0 || together.SignalAndWait(TimeSpan.FromMinutes(1), token));
            return TestRuns.Report(run, token);
        });

        Assert.Equal(5, result.Counts.Completed);
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("pause")]
    [InlineData("cancel")]
    [InlineData("kill")]
    public async Task Retry_SweepEndsWhileItWaits_IsAloneAfterwards(string how)
    {
        var bench = new SweepBench();
        var control = new SweepControl();
        var observer = new Observer();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (here, areHere) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var executed = new ConcurrentQueue<(long Number, int Attempt)>();
        var definition = SweepBench.Definition(12, d => d.Retry.MaxAttempts = 2);
        var running = bench.RunAsync(definition, async (run, token) =>
        {
            executed.Enqueue((run.Info.Number, run.Info.Attempt));
            if (run.Info.Number == 0)
            {
                await areHere.Task; // else it may be alone before they are
                throw new InsufficientMemoryException("too much");
            }

            if (run.Info.Number is 1 or 2)
            {
                if (Interlocked.Increment(ref here) == 2)
                    areHere.SetResult();
                await gate.Task.WaitAsync(token); // the queue has no room for it
            }

            await TestRuns.Report(run, token);
        }, workers: 3, control: control, observer: observer);
        await observer.IsTriedAgain;

        SweepBench? copy = null;
        switch (how)
        {
            case "kill":
                copy = new SweepBench(home: bench.CopyOfHome());
                control.Stop();
                break;
            case "cancel": control.Cancel(); break;
            case "stop": control.Stop(); break;
            default:
                Assert.True((await control.PostAsync(new SteeringRequest(SteeringKind.Pause)))!.Accepted);
                control.Stop();
                break;
        }

        await observer.IsStopping;
        gate.SetResult();
        var ended = await running;
        Assert.Contains((0, 1), executed);
        Assert.DoesNotContain((0, 2), executed);

        var (now, beside) = (0, 0);
        var resumed = await (copy ?? bench).ResumeAsync(ended.Id, async (run, token) =>
        {
            var others = Interlocked.Increment(ref now) - 1;
            await Task.Delay(3, token);
            if (run.Info.Number == 0)
                Interlocked.Add(ref beside, 100 + others + Volatile.Read(ref now) - 1);
            Interlocked.Decrement(ref now);
            await TestRuns.Report(run, token);
        }, workers: 3);

        Assert.Equal(12, resumed.Counts.Completed);
        Assert.Equal(100, beside);
        if (copy is not null)
        {
            await copy.DisposeAsync();
            Directory.Delete(copy.Home, recursive: true);
        }

        await bench.DisposeAsync();
    }

    private sealed class Observer : ISweepObserver
    {
        private readonly TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsTriedAgain => _again.Task;

        public Task IsStopping => _stopping.Task;

        public void SweepStopping(string reason) => _stopping.TrySetResult();

        public void RunEnded(RunEnded ended)
        {
            if (ended.Next == RunState.Queued)
                _again.TrySetResult();
        }
    }
}
