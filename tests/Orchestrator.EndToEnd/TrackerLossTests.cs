using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>
/// The real program, whose tracker csv cannot write: its file is a folder (it throws), a pipe that nobody reads (it blocks for ever), a device
/// that is always full.
/// </summary>
public sealed class TrackerLossTests : IDisposable
{
    private readonly ProgramHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Sweep_TrackerThrowsBlocksOrFindsNoSpace_RunsCompleteAndShowNamesTheLoss()
    {
        var file = _home.Write("sweep.yaml", """
            trainable: function
            metric: {name: value, goal: minimize}
            method: random
            parameters: {function: sphere, x1: {min: -5.0, max: 5.0}, x2: {min: -5.0, max: 5.0}}
            limits: {maxRuns: 1}
            trackers: [csv, jsonl]
            """);
        var first = await _home.RunAsync("sweep", file, "--json");
        Assert.True(first.ExitCode == 0, first.Error);
        var id = first.Json.GetProperty("sweep").GetProperty("id").GetString()!;
        Directory.CreateDirectory(FileOf(id, 1, "metrics.csv"));
        Directory.CreateDirectory(FileOf(id, 2, ""));
        using (var pipe = Process.Start("mkfifo", [FileOf(id, 2, "metrics.csv")]))
            await pipe.WaitForExitAsync(TestContext.Current.CancellationToken);
        Directory.CreateDirectory(FileOf(id, 3, ""));
        File.CreateSymbolicLink(FileOf(id, 3, "metrics.csv"), "/dev/full");

        var added = await _home.RunAsync("add", id, "--runs", "3", "--json");

        Assert.True(added.ExitCode == 0, added.Error);
        Assert.Equal(4, added.Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32());
        Assert.Empty(await LossesAsync(0));
        string[] reasons = ["failed in StartAsync: UnauthorizedAccessException", "did not finish in time and was given up", "No space left on device"];
        for (var run = 1; run <= 3; run++)
        {
            var loss = Assert.Single(await LossesAsync(run));
            Assert.Equal(("csv", 1), (loss.GetProperty("tracker").GetString(), loss.GetProperty("attempt").GetInt32()));
            Assert.True(loss.GetProperty("points").GetInt64() > 0);
            Assert.Contains(reasons[run - 1], loss.GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.Contains(reasons[run - 1], (await _home.RunAsync("show", run.ToString(CultureInfo.InvariantCulture))).Output, StringComparison.Ordinal);
            var events = File.ReadAllLines(FileOf(id, run, "events.jsonl"));
            Assert.Contains("\"state\":\"completed\"", events[^1], StringComparison.Ordinal);
            Assert.Equal(loss.GetProperty("points").GetInt64(), events.Count(e => e.Contains("\"event\":\"report\"", StringComparison.Ordinal)));
        }
    }

    private async Task<JsonElement[]> LossesAsync(int run)
    {
        var shown = await _home.RunAsync("show", run.ToString(CultureInfo.InvariantCulture), "--json");
        return [.. shown.Json.GetProperty("trackerLosses").EnumerateArray()];
    }

    private string FileOf(string sweep, int run, string name) =>
        Path.Combine(_home.Folder, ".orchestrator", "sweeps", sweep, $"{run:D6}", name);
}
