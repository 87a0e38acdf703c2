using Microsoft.Extensions.Logging;
using Orchestrator.Tracking;
using static Orchestrator.Tests.Tracking.TestRuns;

namespace Orchestrator.Tests.Tracking;

public sealed class ConsoleTrackerTests : TrackerConformance
{
    private readonly ListLogger<ConsoleTracker> _log = new();

    private protected override ITrackerFactory Factory => new ConsoleTrackerFactory(_log);

    private protected override TrackerReference Reference => "console";

    [Fact]
    public async Task Lines_StartAndEndAreInformation_ReportsAreDebug()
    {
        await Feed(Reference);
        Assert.Equal("Orchestrator.Tracking.Console", _log.Category);
        Assert.Equal(
            [
                "calm-otter-100 (S/000000) started (attempt 2) on cpu: lr=0.1 text=a \"b\", c",
                "calm-otter-100 (S/000000) completed after 3.0 s: loss=0.5",
            ],
            _log.At(LogLevel.Information));
        Assert.Equal(
            ["calm-otter-100 (S/000000) step 0: loss=0.333333 acc=NaN", "calm-otter-100 (S/000000) step 1: loss=2"], _log.At(LogLevel.Debug));
    }

    [Fact]
    public async Task Level_Information_ShowsReports()
    {
        await Feed(new("console") { Options = new Dictionary<string, ParameterValue> { ["level"] = "information" } });
        Assert.Equal(4, _log.At(LogLevel.Information).Length);
        Assert.Empty(_log.At(LogLevel.Debug));
    }

    [Fact]
    public async Task End_Failed_SaysTheFirstLineOfWhy()
    {
        await using var tracker = await Started(Runs.Run());
        var failure = new RunFailure { Kind = FailureKind.Exception, Message = "boom\nmore", Fingerprint = "0123456789ab" };
        await tracker.EndAsync(new RunEnd(RunState.Failed, null, failure, Noon), default);
        Assert.EndsWith("failed after 0.0 s: boom", _log.At(LogLevel.Information)[^1], StringComparison.Ordinal);
    }

    private async Task Feed(TrackerReference reference)
    {
        await using var tracker = await Started(Runs.Run(attempt: 2), reference);
        await Report(tracker, Point("loss", 0, 1.0 / 3), Point("acc", 0, double.NaN), Point("loss", 1, 2));
        await tracker.EndAsync(Completed(), default);
    }
}
