using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Execution;

public sealed class RunIsolationTests
{
    private static readonly AsyncLocal<string?> Leaky = new();

    [Fact]
    public async Task Scope_OfEachRun_IsItsOwnAndDisposedAtItsEnd()
    {
        var log = new ConcurrentQueue<Probe>();
        await using var bench = new SweepBench(configure: builder =>
        {
            builder.Services.AddSingleton(log);
            builder.Services.AddScoped<Probe>();
            builder.AddTrainable<ProbingTrainable>("probing");
        });
        var definition = SweepBench.Definition(50, d => d.Trainable = "probing");

        var result = await Sweep.RunAsync(definition, bench.Services, new SweepOptions { Workers = 8 });

        Assert.Equal(50, result.Counts.Completed);
        Assert.Equal(50, log.Select(p => p.RunId).Distinct().Count());
        Assert.Equal(50, log.Count);
        Assert.All(log, p => Assert.True(p.Disposed));
        Assert.All(log, p => Assert.True(p.TrainableDisposedFirst));
    }

    [Fact]
    public async Task Current_InParallelRuns_IsTheRunsOwnThroughEveryFlow()
    {
        await using var bench = new SweepBench();
        using var all = new Barrier(8);

        var result = await bench.RunAsync(SweepBench.Definition(8), async (run, token) =>
        {
            all.SignalAndWait(token);
            Assert.Same(run, RunContext.Current);
            await Task.Yield();
            Assert.Same(run, RunContext.Current);
            await Task.Run(() => Assert.Same(run, RunContext.Current), token);
            await TestRuns.Report(run, token);
        }, workers: 8);

        Assert.Equal(8, result.Counts.Completed);
        Assert.Null(RunContext.Current);
    }

    [Fact]
    public async Task Current_InATaskThatOutlivesItsRun_IsNull()
    {
        await using var bench = new SweepBench();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<RunContext?>? outlives = null;

        await bench.RunAsync(SweepBench.Definition(1), (run, token) =>
        {
            outlives = Task.Run(async () =>
            {
                await gate.Task;
                return RunContext.Current;
            }, CancellationToken.None);
            return TestRuns.Report(run, token);
        });
        gate.SetResult();

        Assert.Null(await outlives!);
    }

    [Fact]
    public async Task ThreadState_SetByARun_IsNotSeenByTheNext()
    {
        await using var bench = new SweepBench();
        var before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();

        var result = await bench.RunAsync(SweepBench.Definition(20), (run, token) =>
        {
            Assert.Null(Leaky.Value);
            Assert.NotSame(odd, CultureInfo.CurrentCulture);
            Assert.Null(SynchronizationContext.Current);
            Leaky.Value = run.Id;
            CultureInfo.CurrentCulture = odd;
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            return TestRuns.Report(run, token);
        }, workers: 1);

        Assert.Equal(20, result.Counts.Completed);
        Assert.Same(before, CultureInfo.CurrentCulture);
    }

    [Fact]
    public async Task Random_OfARun_FollowsItsSeedAlone()
    {
        await using var bench = new SweepBench();
        var draws = new ConcurrentDictionary<long, double>();

        var result = await bench.RunAsync(SweepBench.Definition(12, d => d.Replicates = 3), (run, token) =>
        {
            draws[run.Info.Number] = run.Random.NextDouble();
            return TestRuns.Report(run, token);
        }, workers: 4);

        Assert.All(await result.AllAsync(), r => Assert.Equal(draws[r.Replicate], draws[r.Number]));
        Assert.Equal(3, draws.Values.Distinct().Count());
    }

    [Fact]
    public async Task Report_AfterTheRunsEnd_IsIgnored()
    {
        await using var bench = new SweepBench();
        RunContext? kept = null;

        var result = await bench.RunAsync(SweepBench.Definition(1), (run, token) =>
        {
            kept = run;
            return TestRuns.Report(run, token);
        });
        kept!.Report(1, ("loss", -100));
        await (await bench.Store).FlushAsync();

        var stored = (await (await bench.Store).FindRunAsync(result.Id, 0))!;
        Assert.NotEqual(-100, stored.Metrics["loss"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("long")]
    public async Task Report_NameThatCannotBeStored_FailsTheRunAndNoOther(string? name)
    {
        await using var bench = new SweepBench();
        var bad = name == "long" ? new string('m', 1_000_000) : name!;

        var result = await bench.RunAsync(SweepBench.Definition(6), (run, token) =>
        {
            if (run.Info.Number % 3 == 1)
                run.Report(0, ("fine", 1), (bad, 1));
            return TestRuns.Report(run, token);
        });

        Assert.Equal((SweepState.Completed, 4, 2), (result.State, result.Counts.Completed, result.Counts.Failed));
        Assert.Contains("ArgumentE", (await result.AllAsync())[1].Failure!.Type!.Replace("Null", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_NameThatCannotBeStored_Caught_CostsNothing()
    {
        await using var bench = new SweepBench();

        var result = await bench.RunAsync(SweepBench.Definition(2), (run, token) =>
        {
            Assert.Throws<ArgumentNullException>(() => run.Report(0, ("fine", 1), (null!, 1)));
            return TestRuns.Report(run, token);
        });

        Assert.Equal(2, result.Counts.Completed);
        Assert.Equal("loss", Assert.Single((await result.AllAsync())[0].Metrics).Key);
    }

    [Fact]
    public async Task Failure_WhoseMembersThrow_IsTheRunsOwn()
    {
        await using var bench = new SweepBench();

        var result = await bench.RunAsync(SweepBench.Definition(6), (run, token) =>
            run.Info.Number % 3 == 1 ? throw new MuteException() : TestRuns.Report(run, token));

        Assert.Equal((SweepState.Completed, 4, 2), (result.State, result.Counts.Completed, result.Counts.Failed));
    }

    [Fact]
    public async Task Failure_WhenTheDisposalFailsToo_IsTheFirst()
    {
        await using var bench = new SweepBench(configure: b => b.AddTrainable<TwiceBroken>("broken"));
        var definition = SweepBench.Definition(1, d => d.Trainable = "broken");

        var run = Assert.Single(await (await Sweep.RunAsync(definition, bench.Services)).AllAsync());

        Assert.Equal("the first", run.Failure!.Message);
        Assert.Contains("the second", run.Failure.LogTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delegate_ThatReturnsNull_SaysSo()
    {
        await using var bench = new SweepBench();

        var result = await bench.RunAsync(SweepBench.Definition(1), (_, _) => null!);

        Assert.Contains("null", Assert.Single(await result.AllAsync()).Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Folder_OfAFailedRun_IsMadeOnlyIfItLoggedSomething(bool logs)
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(SweepBench.Definition(1), (run, _) =>
        {
            if (logs)
                run.Log.Write("before it");
            throw new InvalidOperationException("boom");
        });
        var failed = Assert.Single(await result.AllAsync());
        Assert.Equal(("boom", logs ? "before it" : null), (failed.Failure!.Message, failed.Failure.LogTail));
        var folder = Path.Combine(bench.Home, failed.Directory);
        Assert.Equal(logs, Directory.Exists(folder));
        if (logs)
            Assert.Contains("ERR Attempt 1 failed (Exception): System.InvalidOperationException: boom", await File.ReadAllTextAsync(Path.Combine(folder, "run.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_OfARunThatWritesNothing_IsNotMade()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(SweepBench.Definition(2), (run, token) =>
        {
            if (run.Info.Number == 1)
                File.WriteAllText(Path.Combine(run.Directory, "note.txt"), "mine");
            return TestRuns.Report(run, token);
        });

        var runs = await result.AllAsync();
        Assert.False(Directory.Exists(Path.Combine(bench.Home, runs[0].Directory)));
        Assert.Equal(
            runs[1].Parameters, ParameterSet.FromJson(await File.ReadAllTextAsync(Path.Combine(bench.Home, runs[1].Directory, "parameters.json"))));
    }

    private sealed class MuteException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");
    }

    private sealed class TwiceBroken : ITrainable, IDisposable
    {
        public Task TrainAsync(CancellationToken cancellationToken) => throw new FormatException("the first");

        public void Dispose() => throw new InvalidTimeZoneException("the second");
    }

    private sealed class Probe(RunContext run, ConcurrentQueue<Probe> log) : IDisposable
    {
        public string RunId { get; } = run.Id;

        public bool Disposed { get; private set; }

        public bool TrainableDisposed { get; set; }

        public bool TrainableDisposedFirst { get; private set; }

        public void Dispose()
        {
            Disposed = true;
            TrainableDisposedFirst = TrainableDisposed;
            log.Enqueue(this);
        }
    }

    private sealed class ProbingTrainable(RunContext run, Probe probe) : ITrainable, IAsyncDisposable
    {
        public async Task TrainAsync(CancellationToken cancellationToken)
        {
            Assert.Equal(run.Id, probe.RunId);
            await Task.Yield();
            await TestRuns.Report(run, cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            probe.TrainableDisposed = true;
            return default;
        }
    }
}
