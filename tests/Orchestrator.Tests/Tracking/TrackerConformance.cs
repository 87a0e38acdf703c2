using System.Reflection;
using Orchestrator.Tracking;
using static Orchestrator.Tests.Tracking.TestRuns;

namespace Orchestrator.Tests.Tracking;

/// <summary>What every tracker promises. A tracker that writes files also inherits <see cref="FileTrackerConformance"/>.</summary>
public abstract class TrackerConformance : IDisposable
{
    private protected TestRuns Runs { get; } = new();

    private protected abstract ITrackerFactory Factory { get; }

    private protected abstract TrackerReference Reference { get; }

    public void Dispose()
    {
        Runs.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Lifecycle_StartReportFlushEnd_Passes()
    {
        await using var tracker = await Started(Runs.Run());
        await Report(tracker, Point("loss", 0, 1));
        await tracker.FlushAsync(default);
        await Report(tracker, Point("loss", 1, 0.5));
        await tracker.EndAsync(Completed(), default);
    }

    [Fact]
    public async Task Lifecycle_NothingReportedAndFailed_Passes()
    {
        await using var tracker = await Started(Runs.Run());
        var failure = new RunFailure { Kind = FailureKind.Exception, Type = "System.Exception", Message = "first\nsecond \"quoted\"", Fingerprint = "0123456789ab" };
        await tracker.EndAsync(new RunEnd(RunState.Failed, null, failure, Noon), default);
    }

    [Fact]
    public async Task Dispose_BeforeStartOrEnd_Passes()
    {
        await Create(Runs.Run()).DisposeAsync();
        var tracker = await Started(Runs.Run());
        await Report(tracker, Point("loss", 0, 1));
        await tracker.DisposeAsync();
    }

    [Fact]
    public void Info_EveryOption_HasAKindAndASentenceWithItsDefault()
    {
        Assert.Equal(Reference.Type, Factory.Info.Name);
        Assert.All(Factory.Info.Options.Values, option =>
        {
            Assert.NotEqual(ParameterKind.Null, option.Kind);
            Assert.Contains("Default: ", option.Description, StringComparison.Ordinal);
        });
        Assert.All(Reference.Options.Keys, option => Assert.Contains(option, Factory.Info.Options.Keys));
    }

    [Fact]
    public void Create_ChoiceThatDoesNotExist_ListsThoseThatDo()
    {
        foreach (var (name, option) in Factory.Info.Options.Where(option => option.Value.Choices is not null))
        {
            var wrong = new TrackerReference(Reference.Type) { Options = new Dictionary<string, ParameterValue> { [name] = "nonsense" } };
            var error = Assert.Throws<ArgumentException>(() => Create(Runs.Run(), wrong));
            Assert.Contains(string.Join(", ", option.Choices!), error.Message, StringComparison.Ordinal);
            Assert.Contains("'nonsense'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public Task Check_OfThePublicSuite_Passes() =>
        TrackerCheck.RunAsync(Factory, Runs.Home, Reference.Options, cancellationToken: TestContext.Current.CancellationToken);

    private protected ITracker Create(RunInfo run, TrackerReference? reference = null, Action<long, string>? lost = null) =>
        Factory.Create(new TrackerContext(run, Factory.Info, reference ?? Reference, lost: lost));

    private protected static ValueTask Report(ITracker tracker, params MetricPoint[] points) => tracker.ReportAsync(points, default);

    private protected async Task<ITracker> Started(RunInfo run, TrackerReference? reference = null, Action<long, string>? lost = null)
    {
        var tracker = Create(run, reference, lost);
        await tracker.StartAsync(run, default);
        return tracker;
    }
}

/// <summary>What every tracker that writes a file in the run's folder promises: what was reported can be read back.</summary>
public abstract class FileTrackerConformance : TrackerConformance
{
    private protected abstract string FileName { get; }

    [Fact]
    public async Task File_TwoConcurrentRuns_AreComplete()
    {
        var runs = new[] { Runs.Run(1), Runs.Run(2) };
        var trackers = new[] { await Started(runs[0]), await Started(runs[1]) };
        for (var step = 0; step < 50; step++)
        {
            await Report(trackers[0], Point("loss", step, step), Point("accuracy", step, -step));
            await Report(trackers[1], Point("loss", step, 1000 + step));
        }

        foreach (var tracker in trackers)
        {
            await tracker.EndAsync(Completed(), default);
            await tracker.DisposeAsync();
        }

        Assert.Equal(Enumerable.Range(0, 50).SelectMany(i => new (long, string, double)[] { (i, "loss", i), (i, "accuracy", -i) }), Read(runs[0]));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => ((long)i, "loss", 1000.0 + i)), Read(runs[1]));
    }

    [Fact]
    public async Task File_SpecialNamesAndValues_AreReadBack()
    {
        (long, string, double)[] values =
        [
            (0, "a,b", 0.1), (0, "say \"hi\"", double.NaN), (0, "two\nlines", double.PositiveInfinity), (0, "größe 🦦", double.NegativeInfinity), (0, " spaced ", -0.0),
            (1, "a,b", 1e-300), (1, "say \"hi\"", double.MaxValue), (1, "two\nlines", 1.0 / 3), (1, "größe 🦦", 5), (1, " spaced ", long.MaxValue),
        ];
        var run = Runs.Run();
        var tracker = await Started(run);
        await Report(tracker, [.. values.Select(value => Point(value.Item2, value.Item1, value.Item3))]);
        await tracker.EndAsync(Completed(), default);
        await tracker.DisposeAsync();
        Assert.Equal(values, Read(run));
    }

    [Fact]
    public async Task File_MetricsThatComeLater_AreReadBack()
    {
        var run = Runs.Run();
        var tracker = await Started(run);
        await Report(tracker, Point("loss", 0, 1));
        await tracker.FlushAsync(default);
        await Report(tracker, Point("loss", 1, 2), Point("valLoss", 1, 3));
        await Report(tracker, Point("loss", 2, 4));
        await Report(tracker, Point("late, \"quoted\"", 3, 5));
        await tracker.EndAsync(Completed(), default);
        await tracker.DisposeAsync();
        Assert.Equal([(0, "loss", 1), (1, "loss", 2), (1, "valLoss", 3), (2, "loss", 4), (3, "late, \"quoted\"", 5)], Read(run));
    }

    [Fact]
    public async Task File_SameStepAndMetricTwice_KeepsBoth()
    {
        var run = Runs.Run();
        var tracker = await Started(run);
        await Report(tracker, Point("loss", 3, 1), Point("loss", 3, 2), Point("loss", 1, 3));
        await tracker.EndAsync(Completed(), default);
        await tracker.DisposeAsync();
        Assert.Equal([(3, "loss", 1), (3, "loss", 2), (1, "loss", 3)], Read(run));
    }

    [Fact]
    public async Task File_SecondAttempt_LeavesTheFirstOnesAlone()
    {
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var tracker = await Started(Runs.Run(0, attempt));
            await Report(tracker, Point("loss", attempt, attempt));
            await tracker.EndAsync(Completed(), default);
            await tracker.DisposeAsync();
        }

        Assert.Equal([(1, "loss", 1)], Read(Runs.Run()));
        Assert.Equal([(2, "loss", 2)], Read(Runs.Run(), TrackerFile.NameFor(FileName, 2)));
    }

    [Fact]
    public async Task File_AttemptMadeAnewUnderItsNumber_BeginsAnew()
    {
        foreach (var values in new[] { 20, 1 })
        {
            var tracker = await Started(Runs.Run());
            await Report(tracker, [.. Enumerable.Range(0, values).Select(step => Point("loss", step, step))]);
            await tracker.EndAsync(Completed(), default);
            await tracker.DisposeAsync();
        }

        Assert.Equal([(0, "loss", 0)], Read(Runs.Run()));
    }

    [Fact]
    public async Task File_WhileTheRunGoesOn_HoldsWholeLinesOfWhatWasFlushed()
    {
        var run = Runs.Run();
        await using var tracker = await Started(run);
        Assert.EndsWith("\n", File.ReadAllText(PathOf(run, FileName)), StringComparison.Ordinal); // the header, before any report
        await Report(tracker, Point("loss", 0, 1));
        await Report(tracker, Point("loss", 1, 2));
        await tracker.FlushAsync(default);
        Assert.EndsWith("\n", File.ReadAllText(PathOf(run, FileName)), StringComparison.Ordinal);
        Assert.Equal((0, "loss", 1), Read(run)[0]);
    }

    [Fact]
    public async Task File_ManyReports_AreWrittenInWholeLinesWithoutFlush()
    {
        var run = Runs.Run();
        await using var tracker = await Started(run);
        await Report(tracker, [.. Enumerable.Range(0, 3000).Select(step => Point("loss", step, step))]);
        var text = File.ReadAllText(PathOf(run, FileName));
        Assert.InRange(text.Length, 30_000, 1_000_000);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_FileAndFlush_AreFollowed()
    {
        var reference = Reference with { Options = new Dictionary<string, ParameterValue>(Reference.Options) { ["file"] = "my.out", ["flush"] = false } };
        var run = Runs.Run();
        var tracker = await Started(run, reference);
        await Report(tracker, Point("loss", 0, 1), Point("loss", 1, 1));
        await tracker.FlushAsync(default);
        Assert.Empty(Read(run, "my.out"));
        await tracker.EndAsync(Completed(), default);
        await tracker.DisposeAsync();
        Assert.Equal(2, Read(run, "my.out").Length);
        Assert.Throws<ArgumentException>(() => Create(run, new(Reference.Type) { Options = new Dictionary<string, ParameterValue> { ["file"] = "../x" } }));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5000)]
    public async Task Lost_DiskIsFull_CountsWhatTheFileDoesNotHold(int reports)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        var run = Runs.Run();
        long lost = 0, taken = 0;
        await using var tracker = Create(run, lost: (points, _) => lost += points);
        await tracker.StartAsync(run, default);
        for (var step = -2; step < 0; step++, taken += 2)
            await Report(tracker, Point("loss", step, step), Point("accuracy", step, step));
        await tracker.FlushAsync(default);
        Full(tracker);
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var step = 0; step < reports; step++)
            {
                await Report(tracker, Point("loss", step, step), Point("accuracy", step, step));
                taken += 2;
            }

            await tracker.EndAsync(Completed(), default);
        });
        Assert.Equal(taken, lost + Read(run).Length);
        Assert.Equal(reports == 3, taken == 4 + (2 * reports)); // many are written before the end
    }

    /// <summary>The disk of a tracker that was started is full from now on.</summary>
    private static void Full(ITracker tracker)
    {
        var file = (TrackerFile)typeof(FileTracker).GetField("_file", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(tracker)!;
        var stream = typeof(TrackerFile).GetField("_stream", BindingFlags.Instance | BindingFlags.NonPublic)!;
        ((FileStream)stream.GetValue(file)!).Dispose();
        stream.SetValue(file, new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
    }

    private protected abstract (long Step, string Metric, double Value)[] Read(string path);

    private (long Step, string Metric, double Value)[] Read(RunInfo run, string? file = null) => Read(PathOf(run, file ?? FileName));
}
