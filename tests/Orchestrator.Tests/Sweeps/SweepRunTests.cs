using System.Collections.Concurrent;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

public sealed class SweepRunTests
{
    [Fact]
    public async Task RunAsync_Grid_RunsEveryAssignmentWithEverySeedOnceInOrder()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(change: d =>
        {
            d.Method = "grid";
            d.Parameters["x"] = Parameter.Choice(0.5, 0.25);
            d.Parameters["y"] = Parameter.Choice("a", "b", "c");
            d.Replicates = 2;
        });

        var result = await bench.RunAsync(definition, TestRuns.Report, workers: 4);

        var runs = await result.AllAsync();
        Assert.Equal(SweepState.Completed, result.State);
        Assert.Equal(12, result.Counts.Completed);
        Assert.Equal(Enumerable.Range(0, 12).Select(n => (long)n), runs.Select(r => r.Number));
        Assert.Equal(
            ["0.5 a", "0.5 a", "0.5 b", "0.5 b", "0.5 c", "0.5 c", "0.25 a", "0.25 a", "0.25 b", "0.25 b", "0.25 c", "0.25 c"],
            runs.Select(r => $"{r.Parameters["x"]} {r.Parameters["y"]}"));
        Assert.Equal(0.25, result.Best!.Objective);
        Assert.Equal(6, result.Best.Number); // ties go to the lower number
        Assert.Equal(2, runs.Select(r => r.Seed).Distinct().Count());
        Assert.All(runs, r => Assert.Equal(runs[r.Replicate].Seed, r.Seed));
        Assert.All(runs, r => Assert.Matches("^[a-z]+-[a-z]+-[1-9][0-9]{2}$", r.Name));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 8)]
    [InlineData(1000, 16)]
    public async Task RunAsync_MaxRuns_IsExactUnderAnyNumberOfWorkers(int maxRuns, int workers)
    {
        await using var bench = new SweepBench();
        var executed = 0;

        var result = await bench.RunAsync(
            SweepBench.Definition(maxRuns, d => d.Replicates = 3),
            (run, token) =>
            {
                Interlocked.Increment(ref executed);
                return TestRuns.Report(run, token);
            },
            workers);

        Assert.Equal(maxRuns, executed);
        Assert.Equal(maxRuns, result.Counts.Total);
        Assert.Equal(maxRuns, result.Counts.Completed);
    }

    [Fact]
    public async Task RunAsync_MaxConcurrent_IsNeverExceededAndIsReached()
    {
        await using var bench = new SweepBench();
        var (now, most) = (0, 0);
        using var threeAtOnce = new Barrier(3);

        await bench.RunAsync(
            SweepBench.Definition(30, d => d.Limits.MaxConcurrent = 3),
            (run, token) =>
            {
                var concurrent = Interlocked.Increment(ref now);
                InterlockedMax(ref most, concurrent);
                threeAtOnce.SignalAndWait(token); // 30 runs, three by three: passes only if three are executed at once
                Interlocked.Decrement(ref now);
                return TestRuns.Report(run, token);
            },
            workers: 8);

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task RunAsync_SomeRunsFail_TheOthersCompleteAndEachFailureIsTheRunsOwn()
    {
        await using var bench = new SweepBench();

        var result = await bench.RunAsync(
            SweepBench.Definition(40),
            (run, token) => run.Info.Number % 4 == 1 ? throw new InvalidOperationException($"run {run.Id} broke") : TestRuns.Report(run, token),
            workers: 4);

        var runs = await result.AllAsync();
        Assert.Equal((30, 10), (result.Counts.Completed, result.Counts.Failed));
        Assert.All(runs.Where(r => r.Number % 4 == 1), r =>
        {
            Assert.Equal(RunState.Failed, r.State);
            Assert.Equal(FailureKind.Exception, r.Failure!.Kind);
            Assert.Equal("System.InvalidOperationException", r.Failure.Type);
            Assert.Equal($"run {r.Id} broke", r.Failure.Message);
            Assert.Contains(nameof(SweepRunTests), r.Failure.StackTrace);
        });
        Assert.Single(runs.Where(r => r.Failure is not null).Select(r => r.Failure!.Fingerprint).Distinct());
        Assert.All(runs.Where(r => r.Number % 4 != 1), r => Assert.Null(r.Failure));
    }

    [Fact]
    public async Task RunAsync_ObjectiveMissingOrNotFinite_FailsThatRunWithItsKind()
    {
        await using var bench = new SweepBench();
        double[] values = [double.NaN, double.PositiveInfinity, 1, 2];

        var result = await bench.RunAsync(SweepBench.Definition(4), (run, _) =>
        {
            run.Report(0, (run.Info.Number == 2 ? "los" : "loss", values[run.Info.Number]));
            return Task.CompletedTask;
        });

        var runs = await result.AllAsync();
        Assert.Equal(FailureKind.NonFinite, runs[0].Failure!.Kind);
        Assert.Equal(double.NaN, runs[0].Metrics["loss"]);
        Assert.Equal(FailureKind.NonFinite, runs[1].Failure!.Kind);
        Assert.Equal(FailureKind.InvalidResult, runs[2].Failure!.Kind);
        Assert.Contains("'loss'", runs[2].Failure!.Message);
        Assert.Contains("It reported 'los'", runs[2].Failure!.Message);
        Assert.Equal(RunState.Completed, runs[3].State);
    }

    [Theory]
    [InlineData(MetricSource.Last, 5.0)]
    [InlineData(MetricSource.Best, 1.0)]
    public async Task RunAsync_SeveralReports_ObjectiveIsTheLastOrTheBest(MetricSource from, double expected)
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(1, d => d.Metric = Metric.Minimize("loss") with { From = from });

        var result = await bench.RunAsync(definition, (run, _) =>
        {
            foreach (var (step, value) in new[] { (0, 3.0), (1, 1.0), (2, 5.0) })
                run.Report(step, ("loss", value));
            return Task.CompletedTask;
        });

        Assert.Equal(expected, result.Best!.Objective);
        Assert.Equal(5.0, result.Best.Metrics["loss"]);
    }

    [Fact]
    public async Task RunAsync_ReportsFromManyRuns_AreStoredWholeAndInOrder()
    {
        await using var bench = new SweepBench();

        var result = await bench.RunAsync(
            SweepBench.Definition(8),
            async (run, token) =>
            {
                for (var step = 0; step < 500; step++)
                    await run.ReportAsync(step, ("loss", run.Info.Number + (step / 1000.0)), ("noise", step), token);
            },
            workers: 4);

        var store = await bench.Store;
        for (var number = 0; number < 8; number++)
        {
            var steps = new List<long>();
            await foreach (var point in store.SeriesAsync(result.Id, number, "loss"))
            {
                Assert.Equal(number + (point.Step / 1000.0), point.Value);
                steps.Add(point.Step);
            }

            Assert.Equal(Enumerable.Range(0, 500).Select(s => (long)s), steps);
        }
    }

    [Fact]
    public async Task RunAsync_TargetReached_StartsNothingNewAndCompletes()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(100_000, d => d.Metric = Metric.Minimize("loss", target: 0.05));
        var stopping = new StoppingObserver();
        var (reached, after) = (false, 0);

        var result = await bench.RunAsync(
            definition,
            async (run, token) =>
            {
                if (Volatile.Read(ref reached))
                {
                    Interlocked.Increment(ref after);
                    await stopping.Heard; // it began before the loop heard of the target
                }

                await TestRuns.Report(run, token);
                if (run.Parameters.Get<double>("x") <= 0.05)
                    Volatile.Write(ref reached, true);
            },
            observer: stopping);

        Assert.Equal(SweepState.Completed, result.State);
        Assert.Equal(SweepEndKind.Target, result.EndKind);
        Assert.InRange(result.Best!.Objective!.Value, 0, 0.05);
        Assert.InRange(after, 0, 2); // one of each worker
        Assert.Equal(0, result.Counts.Queued + result.Counts.Running);
    }

    [Fact]
    public async Task RunAsync_DurationOver_StartsNothingNewAndCompletes()
    {
        var time = new ManualTime();
        await using var bench = new SweepBench(time);
        var begun = new SemaphoreSlim(0);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var definition = SweepBench.Definition(change: d => d.Limits.Duration = TimeSpan.FromHours(4));

        var running = bench.RunAsync(definition, async (run, token) =>
        {
            begun.Release();
            await gate.Task;
            await TestRuns.Report(run, token);
        });
        await begun.WaitAsync();
        await begun.WaitAsync();
        time.Advance(TimeSpan.FromHours(5));
        gate.SetResult();
        var result = await running;

        Assert.Equal(SweepEndKind.Duration, result.EndKind);
        Assert.Equal(SweepState.Completed, result.State);
        Assert.Equal(2, result.Counts.Completed);
        Assert.Equal(TimeSpan.FromHours(5).TotalSeconds, result.Sweep.ElapsedSeconds);
    }

    [Theory]
    [InlineData(3, null, 3)]
    [InlineData(null, 5, 5)]
    public async Task RunAsync_CircuitBreaker_OpensAtTheLimit(int? consecutive, int? all, int expected)
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(1000, d => (d.Failure.StopAfterConsecutive, d.Failure.StopAfter) = (consecutive, all));
        var stopping = new StoppingObserver();

        var result = await bench.RunAsync(
            definition,
            async (run, _) =>
            {
                if (run.Info.Number >= expected)
                    await stopping.Heard; // it began before the loop heard of the last failure
                throw new IOException("broken");
            },
            workers: 1,
            observer: stopping);

        Assert.Equal(SweepEndKind.CircuitBreaker, result.EndKind);
        Assert.Equal(SweepState.Stopped, result.State);
        Assert.InRange(result.Counts.Failed, expected, expected + 1);
        Assert.Contains("circuit breaker", result.EndReason);
    }

    [Fact]
    public async Task RunAsync_InvalidDefinition_SaysEverythingAndStoresNothing()
    {
        await using var bench = new SweepBench();
        var definition = new SweepDefinition
        {
            Method = "randm",
            Parameters = { ["x"] = Parameter.Float(2, 1), ["y"] = Parameter.Float(0, 1, log: true) },
        };

        var thrown = await Assert.ThrowsAsync<InvalidDefinitionException>(() => bench.RunAsync(definition, TestRuns.Report));

        Assert.True(thrown.Problems.Count(p => p.Severity == ProblemSeverity.Error) >= 4, thrown.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bench.Home));
    }

    [Fact]
    public async Task RunAsync_ObserverThrows_TheSweepGoesOn()
    {
        await using var bench = new SweepBench();

        var result = await bench.RunAsync(SweepBench.Definition(20), TestRuns.Report, observer: new ThrowingObserver());

        Assert.Equal(20, result.Counts.Completed);
    }

    [Fact]
    public async Task RunAsync_Delegate_NeedsNothingButADefinition()
    {
        var home = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
        try
        {
            var seen = new ConcurrentBag<double>();
            var result = await Sweep.RunAsync(
                SweepBench.Definition(10),
                async (run, cancellation) =>
                {
                    seen.Add(run.Parameters.Get<double>("x"));
                    await run.ReportAsync(0, ("loss", run.Parameters.Get<double>("x")), cancellation);
                },
                new SweepOptions { Home = home });

            Assert.Equal(10, seen.Count);
            Assert.Equal(seen.Min(), result.Best!.Parameters["x"].AsDouble());
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private sealed class ThrowingObserver : ISweepObserver
    {
        public void RunEnded(RunEnded ended) => throw new InvalidOperationException("the observer is broken");
    }
}
