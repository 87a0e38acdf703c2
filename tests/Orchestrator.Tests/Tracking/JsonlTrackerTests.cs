using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Tracking;
using static Orchestrator.Tests.Tracking.TestRuns;

namespace Orchestrator.Tests.Tracking;

public sealed class JsonlTrackerTests : FileTrackerConformance
{
    private static readonly JsonSerializerOptions Numbers = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private protected override ITrackerFactory Factory { get; } = new JsonlTrackerFactory();

    private protected override TrackerReference Reference => "jsonl";

    private protected override string FileName => "events.jsonl";

    [Fact]
    public async Task Lines_OfAFailedRun_SayEverything()
    {
        var run = Runs.Run(attempt: 2);
        var tracker = await Started(run);
        await Report(tracker, Point("loss", 0, 1), Point("acc", 0, double.NaN), Point("loss", 1, 2));
        var failure = new RunFailure { Kind = FailureKind.OutOfMemory, Message = "two\nlines", Fingerprint = "0123456789ab", ExitCode = 3, LogTail = "last" };
        await tracker.EndAsync(new RunEnd(RunState.Failed, null, failure, Noon.AddMinutes(1)), default);
        await tracker.DisposeAsync();

        var lines = Lines(PathOf(run, "events.attempt-2.jsonl"));
        Assert.Equal(["started", "report", "report", "ended"], lines.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal("S/000000", lines[0].GetProperty("run").GetString());
        Assert.Equal(2, lines[0].GetProperty("attempt").GetInt32());
        Assert.Equal("a \"b\", c", lines[0].GetProperty("parameters").GetProperty("text").GetString());
        Assert.Equal("{\"loss\":1.0,\"acc\":\"NaN\"}", lines[1].GetProperty("metrics").GetRawText());
        Assert.Equal("2026-11-21T12:00:01.000000Z", lines[2].GetProperty("time").GetString());
        Assert.Equal("failed", lines[3].GetProperty("state").GetString());
        Assert.Equal("outOfMemory", lines[3].GetProperty("failure").GetProperty("kind").GetString());
        Assert.Equal("two\nlines", lines[3].GetProperty("failure").GetProperty("message").GetString());
        Assert.Equal(JsonValueKind.Null, lines[3].GetProperty("objective").ValueKind);
    }

    [Fact]
    public async Task Lines_MetricTwiceInAStep_AreTwo()
    {
        var run = Runs.Run();
        var tracker = await Started(run);
        await Report(tracker, Point("loss", 0, 1), Point("loss", 0, 2));
        await tracker.EndAsync(Completed(), default);
        await tracker.DisposeAsync();
        Assert.Equal(4, Lines(PathOf(run, FileName)).Length);
    }

    private protected override (long, string, double)[] Read(string path) =>
    [
        .. Lines(path).Where(line => line.GetProperty("event").ValueEquals("report")).SelectMany(line => line.GetProperty("metrics").EnumerateObject()
            .Select(metric => (line.GetProperty("step").GetInt64(), metric.Name, metric.Value.Deserialize<double>(Numbers)))),
    ];

    private static JsonElement[] Lines(string path) => [.. File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement)];
}
