using Orchestrator.Tests.Support;
using Orchestrator.Tracking;
using Orchestrator.Tracking.TensorBoard;
using static Orchestrator.Tests.Tracking.TestRuns;

namespace Orchestrator.Tests.Tracking.TensorBoard;

public sealed class TensorBoardTrackerTests : TrackerConformance
{
    private protected override ITrackerFactory Factory { get; } = new TensorBoardTrackerFactory();

    private protected override TrackerReference Reference => "tensorboard";

    [Fact]
    public async Task File_NameAndFirstEvent_AreTensorFlows()
    {
        var run = Runs.Run();
        await using var tracker = await Started(run);
        var file = Assert.Single(Directory.GetFiles(run.Folder.FullPath, "events*"));
        Assert.Matches(@"^events\.out\.tfevents\.1763726400\.[^/]+\.[0-9]+\.orchestrator$".Replace("1763726400", $"{Noon.ToUnixTimeSeconds()}", StringComparison.Ordinal), Path.GetFileName(file));
        var first = EventFile.Read(file)[0];
        Assert.Equal(("brain.Event:2", (double)Noon.ToUnixTimeSeconds()), (first.Text(3), first.Double(1)));
        Assert.Equal("orchestrator", first.Messages(10).Single().Text(1));
    }

    [Fact]
    public async Task Scalars_AllValues_AreReadBackWithStepAndTime()
    {
        (string Tag, long Step, double Value)[] values =
        [
            ("loss", 0, 0.1), ("größe 🦦/a,b", 0, double.NaN), ("loss", 1, double.PositiveInfinity), ("loss", 1, -0.5), ("loss", -3, 1e300),
            ("accuracy", long.MaxValue, 1.0 / 3), ("loss", 300, 0),
        ];
        var events = await WrittenAsync(Runs.Run(), tracker => Report(tracker, [.. values.Select(v => new MetricPoint(v.Tag, v.Step, v.Value, Noon.AddMilliseconds(250)))]));
        Assert.Equal(values.Select(v => (v.Tag, v.Step, Noon.ToUnixTimeSeconds() + 0.25, (float)v.Value)), EventFile.Scalars(events));
    }

    [Fact]
    public async Task Tags_OfAMetricAndOfATextOfThatName_AreToldApart()
    {
        var events = await WrittenAsync(Runs.Run(), async tracker =>
        {
            await Report(tracker, Point("tags/baseline", 0, 1));
            await tracker.NoteAsync(new TagNote("baseline", Noon), default);
            await Report(tracker, Point("tags/baseline", 1, 2));
        });
        var tags = events.SelectMany(e => e.Messages(5)).SelectMany(s => s.Messages(1)).Select(v => v.Text(1)).Where(t => t.StartsWith("tags/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, tags.Distinct().Count());
        Assert.Equal([tags[0], tags[0]], EventFile.Scalars(events).Select(s => s.Tag));
    }

    [Fact]
    public async Task Scalars_OfOneStep_ShareAnEvent_AndATagIsDescribedOnce()
    {
        var events = await WrittenAsync(Runs.Run(), async tracker =>
        {
            for (var step = 0; step < 3; step++)
                await Report(tracker, Point("loss", step, step), Point("accuracy", step, step));
        });
        var summaries = events.SelectMany(e => e.Messages(5)).Where(s => s.Messages(1).First().Text(1) == "loss").ToArray();
        Assert.Equal(3, summaries.Length);
        Assert.All(summaries, s => Assert.Equal(["loss", "accuracy"], s.Messages(1).Select(v => v.Text(1))));
        Assert.Equal([true, false, false], summaries.Select(s => s.Messages(1).All(v => v.Has(9))));
    }

    [Fact]
    public async Task HParams_EveryKindOfParameter_IsInTheStartOfTheSession()
    {
        var parameters = new ParameterSet(
        [
            new("lr", 0.1), new("layers", 3), new("nesterov", true), new("off", false), new("optimizer", "adam"), new("none", ParameterValue.Null),
            new("sizes", ParameterValue.FromList(1, 2)), new("schedule", ParameterValue.FromMap([new("kind", "cosine"), new("warmup", 5)])),
        ]);
        var run = Runs.Run(5) with { Parameters = parameters, Proposal = 2 };
        var events = await WrittenAsync(run, _ => default);

        var start = EventFile.Session(events, "_hparams_/session_start_info", 3)!;
        var values = start.Messages(1).ToDictionary(entry => entry.Text(1), entry => entry.Messages(2).Single());
        Assert.Equal(["lr", "layers", "nesterov", "off", "optimizer", "sizes", "schedule.kind", "schedule.warmup"], values.Keys);
        Assert.Equal((0.1, 3.0, 5.0), (values["lr"].Double(2), values["layers"].Double(2), values["schedule.warmup"].Double(2)));
        Assert.Equal((1L, 0L), (values["nesterov"].Integer(4), values["off"].Integer(4)));
        Assert.True(values["off"].Has(4), "false is a value, not an absent one");
        Assert.Equal(("adam", "[1,2]", "cosine"), (values["optimizer"].Text(3), values["sizes"].Text(3), values["schedule.kind"].Text(3)));
        Assert.Equal(("S/2", (double)Noon.ToUnixTimeSeconds()), (start.Text(4), start.Double(5)));
    }

    [Fact]
    public async Task HParams_OfARunHeldByHand_AreThoseThatItSaysBeforeItsFirstValue()
    {
        var events = await WrittenAsync(Runs.Run() with { Metric = null }, async tracker =>
        {
            await tracker.NoteAsync(new ParameterNote("lr", 0.3, Noon), default);
            await tracker.NoteAsync(new ParameterNote("more", "x", Noon), default);
            await Report(tracker, Point("loss", 0, 1));
            await tracker.NoteAsync(new ParameterNote("late", 5, Noon), default);
        });
        var values = EventFile.Session(events, "_hparams_/session_start_info", 3)!
            .Messages(1).ToDictionary(entry => entry.Text(1), entry => entry.Messages(2).Single());
        Assert.Equal(["lr", "text", "more"], values.Keys);
        Assert.Equal((0.3, "x"), (values["lr"].Double(2), values["more"].Text(3)));
        Assert.Equal("`5`", EventFile.Texts(events)["parameters/late"]);
    }

    [Theory]
    [InlineData(RunState.Completed, 1)]
    [InlineData(RunState.Pruned, 1)]
    [InlineData(RunState.Failed, 2)]
    [InlineData(RunState.Canceled, 0)]
    public async Task HParams_EndOfTheSession_HasItsStatusAndTime(RunState state, long status)
    {
        var events = await WrittenAsync(Runs.Run(), _ => default, new RunEnd(state, null, null, Noon.AddSeconds(90)));
        var end = EventFile.Session(events, "_hparams_/session_end_info", 4)!;
        Assert.Equal((status, Noon.ToUnixTimeSeconds() + 90.0), (end.Integer(1), end.Double(2)));
    }

    [Fact]
    public async Task Texts_RunNotesAndFailure_AreReadBack()
    {
        var failure = new RunFailure { Kind = FailureKind.Exception, Type = "System.Exception", Message = "first\nsecond", StackTrace = "   at X", Fingerprint = "0123456789ab" };
        var texts = EventFile.Texts(await WrittenAsync(
            Runs.Run(),
            async tracker =>
            {
                await tracker.NoteAsync(new AttributeNote("owner", "me", Noon), default);
                await tracker.NoteAsync(new TagNote("baseline", Noon), default);
            },
            new RunEnd(RunState.Failed, null, failure, Noon)));
        Assert.Contains("| `run` | `S/000000` |", texts["run"], StringComparison.Ordinal);
        Assert.Contains("| `parameter lr` | `0.1` |", texts["run"], StringComparison.Ordinal);
        Assert.Equal(("`me`", "`baseline`"), (texts["attributes/owner"], texts["tags/baseline"]));
        Assert.Equal("**System.Exception** (exception)\n\n    first\n    second\n       at X", texts["failure"]);
    }

    [Fact]
    public async Task File_WhileTheRunGoesOn_HoldsWholeRecordsOfWhatWasFlushed()
    {
        var run = Runs.Run();
        await using var tracker = await Started(run);
        await Report(tracker, Point("loss", 0, 1), Point("loss", 1, 2));
        await tracker.FlushAsync(default);
        Assert.Equal([1f, 2f], EventFile.Scalars(EventFile.Read(FileOf(run))).Select(s => s.Value));
        await Report(tracker, [.. Enumerable.Range(2, 3000).Select(step => Point("loss", step, step))]);
        Assert.InRange(EventFile.Scalars(EventFile.Read(FileOf(run))).Length, 1000, 3002);
    }

    [Fact]
    public async Task File_SecondAttempt_IsALineOfItsOwn()
    {
        await WrittenAsync(Runs.Run(), tracker => Report(tracker, Point("loss", 0, 1)));
        var second = Runs.Run(0, attempt: 2);
        await WrittenAsync(second, tracker => Report(tracker, Point("loss", 0, 2)));
        Assert.Equal([1f], EventFile.Scalars(EventFile.Read(FileOf(Runs.Run()))).Select(s => s.Value));
        Assert.Equal([2f], EventFile.Scalars(EventFile.Read(FileOf(second))).Select(s => s.Value));
        Assert.Equal("attempt-2", Path.GetFileName(Path.GetDirectoryName(FileOf(second))));
    }

    [Fact]
    public async Task File_AttemptMadeAnewUnderItsNumber_TakesThePlaceOfItsFile()
    {
        var run = Runs.Run();
        run.Folder.Ensure();
        await File.WriteAllTextAsync(PathOf(run, "events.out.tfevents.1.host.2.orchestrator"), "left over", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PathOf(run, "events.out.tfevents.1.host.2.0"), "the user's", TestContext.Current.CancellationToken);
        await WrittenAsync(run, tracker => Report(tracker, Point("loss", 0, 1)));
        Assert.Single(Directory.GetFiles(run.Folder.FullPath, "*.orchestrator"));
        Assert.True(File.Exists(PathOf(run, "events.out.tfevents.1.host.2.0")));
    }

    [Fact]
    public async Task Sweep_WithReplicates_HasALineForEachRunAndAGroupForEachAssignment()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(
            SweepBench.Definition(4, d => (d.Trackers, d.Replicates) = (["tensorboard"], 2)), Support.TestRuns.Report);
        Assert.Empty((await result.AllAsync()).SelectMany(run => run.TrackerLosses));
        var groups = new List<string>();
        for (var run = 0; run < 4; run++)
        {
            var folder = Path.Combine(bench.Home, "sweeps", result.Id, $"{run:D6}");
            var events = EventFile.Read(Assert.Single(Directory.GetFiles(folder, "*tfevents*")));
            Assert.Single(EventFile.Scalars(events));
            groups.Add(EventFile.Session(events, "_hparams_/session_start_info", 3)!.Text(4));
        }

        Assert.Equal([$"{result.Id}/0", $"{result.Id}/0", $"{result.Id}/1", $"{result.Id}/1"], groups);
    }

    private async Task<Message[]> WrittenAsync(RunInfo run, Func<ITracker, ValueTask> body, RunEnd? end = null)
    {
        var tracker = await Started(run);
        await body(tracker);
        await tracker.EndAsync(end ?? Completed(), default);
        await tracker.DisposeAsync();
        return EventFile.Read(FileOf(run));
    }

    private static string FileOf(RunInfo run) => Assert.Single(Directory.GetFiles(
        run.Attempt == 1 ? run.Folder.FullPath : Path.Combine(run.Folder.FullPath, $"attempt-{run.Attempt}"), "*.orchestrator"));
}
