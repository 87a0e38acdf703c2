using System.Text.Json;
using Orchestrator.Sweeps;

namespace Orchestrator.Tests.Cli;

/// <summary><c>sweep</c> and <c>resume</c>.</summary>
public sealed class SweepVerbTests : IDisposable
{
    private const string SweepMembers =
        "id name project state method metric counts best elapsedSeconds file kind identity tags attributes reproducible endReason bestAssignments";

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Sweep_AllCompleted_ExitsWith0_AndReportsTheBest()
    {
        var run = await _bench.RunAsync("sweep", _bench.Grid());
        Assert.Equal(0, run.Code);
        Assert.Contains("3.05 ± 0.071", run.Out, StringComparison.Ordinal);
        Assert.Contains("always rate=0.5", run.Out, StringComparison.Ordinal);
        Assert.Contains("6 completed in ", run.Out, StringComparison.Ordinal);
        Assert.Contains($"results in {_bench.Home}", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"best run \S+/000005  value=3\.1 ", run.Out);
        Assert.Matches(@"orchestrator|\w+ show \S+/000005", run.Out);
    }

    [Fact]
    public async Task Sweep_Progress_IsALinePerChange_WithoutControlCodes()
    {
        var run = await _bench.RunAsync("sweep", _bench.Grid("partly"), "--workers", "1");
        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, lines.Count(l => l.Contains(" started: x=", StringComparison.Ordinal)));
        Assert.Equal(4, lines.Count(l => l.Contains(" completed in ", StringComparison.Ordinal)));
        Assert.Equal(2, lines.Count(l => l.Contains(" failed in ", StringComparison.Ordinal)));
        Assert.Contains(lines, l => l.Contains(": exception: no luck [", StringComparison.Ordinal));
        Assert.DoesNotContain(CliBench.Escape, run.Error);
        Assert.DoesNotContain(CliBench.Escape, run.Out);
    }

    [Fact]
    public async Task Sweep_Json_IsOneDocument()
    {
        var file = _bench.Grid();
        var run = await _bench.RunAsync("sweep", file, "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal("version sweep", CliRun.Names(run.Json));
        var sweep = run.Json.GetProperty("sweep");
        Assert.Equal(SweepMembers, CliRun.Names(sweep));
        Assert.Equal("completed", sweep.GetProperty("state").GetString());
        Assert.Equal("grid", sweep.GetProperty("method").GetString());
        Assert.Equal(file, sweep.GetProperty("file").GetString());
        Assert.Equal("maximize", sweep.GetProperty("metric").GetProperty("goal").GetString());
        Assert.Equal("queued running paused completed failed pruned canceled total", CliRun.Names(sweep.GetProperty("counts")));
        Assert.Equal(6, sweep.GetProperty("counts").GetProperty("completed").GetInt32());
        var first = sweep.GetProperty("bestAssignments")[0];
        Assert.Equal("parameters runs mean standardDeviation metrics failed pruned assignment", CliRun.Names(first));
        Assert.Equal(3, first.GetProperty("parameters").GetProperty("x").GetInt32());
        Assert.Equal(3.05, first.GetProperty("mean").GetDouble(), 9);
        Assert.Equal(3.05, first.GetProperty("metrics").GetProperty("value").GetProperty("mean").GetDouble(), 9);
    }

    [Fact]
    public async Task Sweep_Json_WritesWhatIsNoNumberAsText()
    {
        var best = (await _bench.RunAsync("sweep", _bench.Grid(), "--json")).Json.GetProperty("sweep").GetProperty("best");
        Assert.Equal("NaN", best.GetProperty("metrics").GetProperty("extra").GetString());
        Assert.Equal("Infinity", best.GetProperty("metrics").GetProperty("limit").GetString());
    }

    [Theory]
    [InlineData("partly", "", 4)]
    [InlineData("never", "", 5)]
    [InlineData("partly", """, "failure": {"stopAfter": 1}""", 5)]
    public async Task Sweep_SomethingFailed_TheExitCodeSaysHowMuch(string trainable, string more, int expected)
    {
        var run = await _bench.RunAsync("sweep", _bench.Grid(trainable, more), "--workers", "1");
        Assert.Equal(expected, run.Code);
        Assert.Contains(" x exception: no luck", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(""", "reproducible": true""", true)]
    public async Task Sweep_DependedOnTheMachine_TheEndSaysSoWhereItWasToBeRepeatable(string more, bool isSaid)
    {
        _bench.Configure = app => app.Trainables.Add("full", (_, _) => throw new IOException("full", 28));
        var run = await _bench.RunAsync("sweep", _bench.Grid("full", more));
        Assert.Equal(isSaid, run.Out.Contains("no longer repeatable: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sweep_InvalidFile_ExitsWith3_AndStoresNothing()
    {
        var run = await _bench.RunAsync("sweep", _bench.Grid("okk"));
        Assert.Equal(3, run.Code);
        Assert.Contains("'ok'", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
        Assert.False(Directory.Exists(_bench.Home));
    }

    [Fact]
    public async Task Sweep_Overrides_ChangeTheFile()
    {
        var sweep = (await _bench.RunAsync("sweep", _bench.Grid(), "--max-runs", "3", "--seed", "-7", "--set", "name=other", "--json")).Json.GetProperty("sweep");
        Assert.Equal("other", sweep.GetProperty("name").GetString());
        Assert.Equal(3, sweep.GetProperty("counts").GetProperty("total").GetInt32());
        var seeds = (await _bench.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("seed").GetInt64()).ToList();
        await _bench.RunAsync("sweep", _bench.Grid(), "--max-runs", "3");
        var others = (await _bench.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("seed").GetInt64()).ToList();
        Assert.NotEqual(seeds, others);
    }

    [Fact]
    public async Task Sweep_SameFileAgain_SaysHowToResumeTheUnfinishedOne()
    {
        var file = _bench.Grid("partly", """, "failure": {"stopAfter": 1}""");
        var first = await _bench.SweepAsync(file, "--workers", "1");
        var again = await _bench.RunAsync("sweep", file, "--workers", "1");
        Assert.Contains($"resume {first}", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain($"resume {first}", again.Out, StringComparison.Ordinal);
        Assert.Equal(2, (await _bench.RunAsync("list", "--json")).Json.GetProperty("sweeps").GetArrayLength());
    }

    [Fact]
    public async Task Resume_StoppedSweep_RunsWhatIsLeft()
    {
        var id = await _bench.SweepAsync(_bench.Grid("partly", """, "failure": {"stopAfter": 1}"""), "--workers", "1");
        var run = await _bench.RunAsync("resume", "--workers", "1", "--json");
        var sweep = run.Json.GetProperty("sweep");
        Assert.Equal(id, sweep.GetProperty("id").GetString());
        for (var i = 0; sweep.GetProperty("state").GetString() != "completed" && i < 3; i++)
            sweep = (run = await _bench.RunAsync("resume", id, "--json")).Json.GetProperty("sweep");
        Assert.Equal(4, sweep.GetProperty("counts").GetProperty("completed").GetInt32());
        Assert.Equal(2, sweep.GetProperty("counts").GetProperty("failed").GetInt32());
    }

    [Fact]
    public async Task Resume_NothingUnfinished_ExitsWith0()
    {
        Assert.Equal(0, (await _bench.RunAsync("resume")).Code);
        await _bench.SweepAsync(_bench.Grid());
        var run = await _bench.RunAsync("resume", "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("sweep").ValueKind);
        Assert.Contains("Nothing is left to resume", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_CompletedSweep_RunsNothing_AndExitsByItsCounts()
    {
        var id = await _bench.SweepAsync(_bench.Grid("partly"));
        var run = await _bench.RunAsync("resume", id);
        Assert.Equal(4, run.Code);
        Assert.Contains("Nothing is left to run", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("started", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_ExecutedElsewhere_ExitsWith6()
    {
        var id = await _bench.SweepAsync(_bench.Grid("partly", """, "failure": {"stopAfter": 1}"""), "--workers", "1");
        using var elsewhere = SweepLock.TryTake(Path.Combine(_bench.Home, "sweeps", id));
        var run = await _bench.RunAsync("resume", id, "--json");
        Assert.Equal(6, run.Code);
        Assert.Equal("busy", run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Resume_UnknownSweep_ExitsWith2_AndSaysWhatThereIs()
    {
        var id = await _bench.SweepAsync(_bench.Grid());
        var run = await _bench.RunAsync("resume", "demmo");
        Assert.Equal(2, run.Code);
        Assert.Contains("Did you mean 'demo'?", run.Error, StringComparison.Ordinal);
        Assert.Contains(id, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_ConstraintsThatLeaveNothing_ExitWith3_AndSaySoOnce()
    {
        var run = await _bench.RunAsync("sweep", _bench.Write("""
            {"trainable": "ok", "metric": {"name": "value", "goal": "maximize"}, "method": "random", "limits": {"maxRuns": 3},
             "parameters": {"x": {"min": 0.0, "max": 1.0}, "rate": 0.5}, "constraints": ["x - x > 0"]}
            """));

        Assert.Equal(3, run.Code);
        Assert.Contains("error: The constraints leave next to nothing", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Split("leave next to nothing").Length - 1);
    }
}
