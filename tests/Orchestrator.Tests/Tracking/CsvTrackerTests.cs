using System.Globalization;
using Orchestrator.Tracking;
using static Orchestrator.Tests.Tracking.TestRuns;

namespace Orchestrator.Tests.Tracking;

public sealed class CsvTrackerTests : FileTrackerConformance
{
    private protected override ITrackerFactory Factory { get; } = new CsvTrackerFactory();

    private protected override TrackerReference Reference => "csv";

    private protected override string FileName => "metrics.csv";

    [Fact]
    public async Task Long_Lines_AreStepMetricValueTime()
    {
        var run = Runs.Run();
        var tracker = await Started(run);
        await Report(tracker, Point("loss", 2, 0.25), Point("a,b", 2, double.NaN));
        await tracker.EndAsync(Completed(), default);
        await tracker.DisposeAsync();
        Assert.Equal(
            "step,metric,value,time\n2,loss,0.25,2026-11-21T12:00:02.000000Z\n2,\"a,b\",nan,2026-11-21T12:00:02.000000Z\n",
            File.ReadAllText(PathOf(run, FileName)));
        Assert.True(File.Exists(PathOf(run, "parameters.json")));
    }

    private protected override (long, string, double)[] Read(string path) =>
        [.. Csv.Parse(File.ReadAllText(path)).Skip(1).Select(row => (long.Parse(row[0], CultureInfo.InvariantCulture), row[1], Csv.Number(row[2])))];
}

public sealed class WideCsvTrackerTests : FileTrackerConformance
{
    private protected override ITrackerFactory Factory { get; } = new CsvTrackerFactory();

    private protected override TrackerReference Reference { get; } =
        new("csv") { Options = new Dictionary<string, ParameterValue> { ["format"] = "wide" } };

    private protected override string FileName => "metrics.csv";

    [Fact]
    public async Task Wide_MetricSeenLater_GetsAColumnInEveryLine()
    {
        var run = Runs.Run();
        var tracker = await Started(run);
        await Report(tracker, Point("loss", 0, 1));
        await Report(tracker, Point("loss", 1, 2));
        await Report(tracker, Point("acc", 1, 0.5), Point("acc", 2, 0.75));
        await tracker.EndAsync(Completed(), default);
        await tracker.DisposeAsync();
        Assert.Equal(
            "step,time,loss,acc\n0,2026-11-21T12:00:00.000000Z,1,\n1,2026-11-21T12:00:01.000000Z,2,0.5\n2,2026-11-21T12:00:02.000000Z,,0.75\n",
            File.ReadAllText(PathOf(run, FileName)));
        Assert.Equal(["metrics.csv", "parameters.json"], Directory.GetFiles(run.Folder.FullPath).Select(Path.GetFileName).Order());
    }

    private protected override (long, string, double)[] Read(string path)
    {
        var rows = Csv.Parse(File.ReadAllText(path));
        return
        [
            .. rows.Skip(1).SelectMany(row => Enumerable.Range(2, row.Length - 2).Where(i => row[i].Length > 0)
                .Select(i => (long.Parse(row[0], CultureInfo.InvariantCulture), rows[0][i], Csv.Number(row[i])))),
        ];
    }
}
