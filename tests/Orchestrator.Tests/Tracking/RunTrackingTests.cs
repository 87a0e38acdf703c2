using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting;
using Orchestrator.Tracking;
using static Orchestrator.Tests.Tracking.TestRuns;

namespace Orchestrator.Tests.Tracking;

/// <summary>What a set of trackers promises: the run never waits, one tracker never harms another, every loss is counted.</summary>
public sealed class RunTrackingTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly TestRuns _runs = new();
    private readonly ListLogger<RunTrackingFactory> _log = new();
    private readonly ConcurrentQueue<TrackingLoss> _losses = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        _gate.TrySetResult();
        _runs.Dispose();
    }

    [Fact]
    public void Start_NoTrackers_MakesNoSet() => Assert.Null(Factory().Start(_runs.Run(), []));

    [Fact]
    public async Task Services_BundledTrackers_ServeARun()
    {
        await using var services = new ServiceCollection().AddLogging().AddTracking().BuildServiceProvider();
        Assert.Equal(["console", "csv", "jsonl", "tensorboard", "mlflow"], services.GetServices<ITrackerFactory>().Select(factory => factory.Info.Name));
        var factory = services.GetRequiredService<IRunTrackingFactory>();
        Feed(factory.Start(_runs.Run(), ["console", "csv", "jsonl"])!, 2);
        await factory.DrainAsync(Long);
        Assert.Equal(3, File.ReadAllLines(PathOf(_runs.Run(), "metrics.csv")).Length);
        Assert.Equal(4, File.ReadAllLines(PathOf(_runs.Run(), "events.jsonl")).Length);
    }

    [Fact]
    public async Task Start_UnknownTracker_WarnsAndGoesOnWithoutIt()
    {
        var good = new ScriptedTracker("good");
        var factory = Factory(good);
        var set = factory.Start(_runs.Run(), ["nope", "good"]);
        Feed(set!, 1);
        await factory.DrainAsync(Long);
        Assert.Equal([0], good.Values);
        Assert.Contains("'nope'", Assert.Single(_log.At(LogLevel.Warning)), StringComparison.Ordinal);
        Assert.Null(factory.Start(_runs.Run(), ["nope"]));
    }

    [Fact]
    public async Task Set_GoodTrackers_GetEverythingInOrderWithoutCopies()
    {
        var (one, two) = (new ScriptedTracker("one"), new ScriptedTracker("two"));
        var factory = Factory(one, two);
        IRunTracking? set = null;
        await InFlow(_runs.Attempt(), () =>
        {
            set = factory.Start(_runs.Run(), ["one", "two"]); // in a run's flow: the trackers must not inherit it
            return one.Started.Task.WaitAsync(Long);
        });
        var attempt = _runs.Attempt(tracking: set);
        await InFlow(attempt, async () =>
        {
            for (var step = 0; step < 100; step++)
                await RunContext.Current!.ReportAsync(step, [("loss", step), ("other", -step)]);
        });
        attempt.EndTracking(Completed());
        await factory.DrainAsync(Long);

        Assert.Equal(Enumerable.Range(0, 100).SelectMany(step => new double[] { step, -step }), one.Values);
        Assert.Equal(one.Values, two.Values);
        Assert.Equal("StartAsync", one.Calls.First());
        Assert.Equal(["EndAsync", "DisposeAsync"], one.Calls.TakeLast(2));
        Assert.All(one.Batches.Zip(two.Batches), pair => Assert.Same(ArrayOf(pair.First), ArrayOf(pair.Second)));
        Assert.False(one.SawAmbientRun);
        Assert.Empty(_losses);
        Assert.Empty(_log.At(LogLevel.Warning));
    }

    [Theory]
    [InlineData("Create", 5)]
    [InlineData("StartAsync", 5)]
    [InlineData("ReportAsync", 5)]
    [InlineData("EndAsync", 0)]
    [InlineData("DisposeAsync", 0)]
    public async Task Set_TrackerThrows_IsNamedOnceDisposedAndCounted_OthersHaveAll(string member, long lost)
    {
        var bad = new ScriptedTracker("bad", at => at == member ? throw new IOException("No space left on device") : Task.CompletedTask);
        var good = new ScriptedTracker("good");
        var factory = Factory(bad, good);
        Feed(factory.Start(_runs.Run(), ["bad", "good"])!, 5);
        await factory.DrainAsync(Long);

        Assert.Equal([0, 1, 2, 3, 4], good.Values);
        Assert.Equal(["EndAsync", "DisposeAsync"], good.Calls.TakeLast(2));
        Assert.Equal(member != "Create", bad.Calls.LastOrDefault() == "DisposeAsync");
        Assert.True(bad.Calls.Count(call => call == member) <= 1, "nothing more is given after an exception");
        var loss = Assert.Single(_losses);
        Assert.Equal(("S/000000", 1, "bad", lost), (loss.RunId, loss.Attempt, loss.Tracker, loss.Points));
        Assert.Contains($"{member}: IOException: No space left on device", loss.Reason, StringComparison.Ordinal);
        Assert.Single(_log.At(LogLevel.Warning), line => line.Contains("'bad' of run S/000000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Set_TrackerThrowsInFlush_LosesWhatFollows()
    {
        var bad = new ScriptedTracker("bad", at => at == "FlushAsync" ? throw new IOException("full") : Task.CompletedTask);
        var factory = Factory(bad);
        var set = factory.Start(_runs.Run(), ["bad"])!;
        set.Report(new[] { Point("loss", 0, 0) });
        await bad.Disposed.Task.WaitAsync(Long);
        Feed(set, 3);
        await factory.DrainAsync(Long);
        Assert.Equal([0], bad.Values);
        Assert.Equal(3, Assert.Single(_losses).Points);
    }

    [Theory]
    [InlineData("StartAsync", 5)]
    [InlineData("ReportAsync", 5)]
    [InlineData("EndAsync", 0)]
    [InlineData("DisposeAsync", 0)]
    public async Task Drain_TrackerHangs_IsGivenUpAndCounted_OthersHaveAll(string member, long lost)
    {
        var hung = new TaskCompletionSource();
        var bad = new ScriptedTracker("bad", at =>
        {
            if (at != member)
                return Task.CompletedTask;
            hung.TrySetResult();
            return _gate.Task;
        });
        var good = new ScriptedTracker("good");
        var factory = Factory(bad, good);
        Feed(factory.Start(_runs.Run(), ["bad", "good"])!, 5); // returns: the run has ended
        await hung.Task.WaitAsync(Long);
        await good.Disposed.Task.WaitAsync(Long);
        await factory.DrainAsync(TimeSpan.Zero);

        Assert.Equal([0, 1, 2, 3, 4], good.Values);
        Assert.Equal(lost, Assert.Single(_losses, loss => loss.Tracker == "bad").Points);
        Assert.Contains(_log.At(LogLevel.Warning), line => line.Contains("'bad' of run S/000000 did not finish", StringComparison.Ordinal));

        // Should it come back, it is given nothing more, and is disposed.
        var before = bad.Calls.Count;
        _gate.SetResult();
        await bad.Disposed.Task.WaitAsync(Long);
        Assert.All(bad.Calls.Skip(before), call => Assert.Equal("DisposeAsync", call));
    }

    [Fact]
    public async Task Drain_SlowTracker_IsWaitedFor()
    {
        var slow = new ScriptedTracker("slow", at => at == "ReportAsync" ? _gate.Task : Task.CompletedTask);
        var factory = Factory(slow);
        Feed(factory.Start(_runs.Run(), ["slow"])!, 1000);
        var drained = factory.DrainAsync(Long);
        Assert.False(drained.IsCompleted);
        _gate.SetResult();
        await drained;
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (double)i), slow.Values);
        Assert.Empty(_losses);
    }

    [Fact]
    public async Task Report_FullQueue_DropsAndCounts()
    {
        var slow = new ScriptedTracker("slow", at => at == "StartAsync" ? _gate.Task : Task.CompletedTask);
        var good = new ScriptedTracker("good");
        var factory = Factory(10, slow, good);
        var set = factory.Start(_runs.Run(), ["slow"])!;
        for (var i = 0; i < 6; i++)
            set.Report(new[] { Point("a", i, i), Point("b", i, i), Point("c", i, i) });
        set.End(Completed());
        _gate.SetResult();
        await factory.DrainAsync(Long);
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2], slow.Values);
        var loss = Assert.Single(_losses);
        Assert.Equal(9, loss.Points);
        Assert.Contains("queue was full", loss.Reason, StringComparison.Ordinal);
        Assert.Contains(_log.At(LogLevel.Warning), line => line.Contains("'slow'", StringComparison.Ordinal) && line.Contains("9 values lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Report_BatchBeyondTheBound_IsTakenByAnIdleTracker()
    {
        var tracker = new ScriptedTracker("t");
        var factory = Factory(10, tracker);
        var set = factory.Start(_runs.Run(), ["t"])!;
        set.Report(Enumerable.Range(0, 25).Select(i => Point("a", i, i)).ToArray());
        set.End(Completed());
        await factory.DrainAsync(Long);
        Assert.Equal(25, tracker.Values.Length);
    }

    [Fact]
    public async Task End_Twice_IsOnce_AndLaterReportsAreIgnored()
    {
        var tracker = new ScriptedTracker("t");
        var factory = Factory(tracker);
        var set = factory.Start(_runs.Run(), ["t"])!;
        set.End(Completed());
        set.End(Completed());
        set.Report(new[] { Point("a", 1, 1) });
        await factory.DrainAsync(Long);
        Assert.Equal(["StartAsync", "EndAsync", "DisposeAsync"], tracker.Calls);
    }

    [Fact]
    public async Task Warnings_TrackerFailsInEveryRun_AreFewAndTheTotalIsSaid()
    {
        var bad = new ScriptedTracker("bad", at => at == "StartAsync" ? throw new IOException("full") : Task.CompletedTask);
        var factory = Factory(bad);
        for (var i = 0; i < 30; i++)
            Feed(factory.Start(_runs.Run(i), ["bad"])!, 2);
        await factory.DrainAsync(Long);
        Assert.Equal(30, _losses.Count);
        Assert.Equal(11, _log.At(LogLevel.Warning).Length);
        Assert.Contains("60 values of 30 run(s)", _log.At(LogLevel.Warning)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_OlderTrackerHangsForLong_IsGivenUpWithoutADrain()
    {
        var time = new SteppedTime();
        var bad = new ScriptedTracker("bad", at => at == "EndAsync" ? _gate.Task : Task.CompletedTask);
        var factory = new RunTrackingFactory([bad], _log, time);
        factory.Lost += _losses.Enqueue;
        Feed(factory.Start(_runs.Run(0), ["bad"])!, 1);
        time.Now += TimeSpan.FromMinutes(4);
        Feed(factory.Start(_runs.Run(1), ["bad"])!, 1);
        Assert.Empty(_losses);
        time.Now += TimeSpan.FromMinutes(2);
        Feed(factory.Start(_runs.Run(2), ["bad"])!, 1);
        Assert.Equal("S/000000", Assert.Single(_losses).RunId);
        await factory.DrainAsync(TimeSpan.Zero);
        Assert.Equal(3, _losses.Count);
    }

    private static MetricPoint[] ArrayOf(ReadOnlyMemory<MetricPoint> memory)
    {
        Assert.True(MemoryMarshal.TryGetArray(memory, out var segment));
        return segment.Array!;
    }

    private static void Feed(IRunTracking set, int points)
    {
        for (var i = 0; i < points; i++)
            set.Report(new[] { Point("loss", i, i) });
        set.End(Completed());
    }

    private RunTrackingFactory Factory(params ITrackerFactory[] trackers) => Factory(RunTrackingFactory.MostWaitingPoints, trackers);

    private RunTrackingFactory Factory(int bound, params ITrackerFactory[] trackers)
    {
        var factory = new RunTrackingFactory(trackers, _log, TimeProvider.System, bound: bound);
        factory.Lost += _losses.Enqueue;
        return factory;
    }

    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
