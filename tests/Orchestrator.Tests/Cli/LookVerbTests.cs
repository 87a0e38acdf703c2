using System.Text.Json;

namespace Orchestrator.Tests.Cli;

/// <summary>The verbs that look at what is stored.</summary>
public sealed class LookVerbTests : IDisposable
{
    private const string RunMembers =
        "id name sweep number replicate seed state parameters metrics objective attempts worker device createdAt startedAt endedAt "
        + "durationSeconds tags attributes project directory failure warnings";

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("status")]
    [InlineData("runs")]
    [InlineData("best")]
    [InlineData("show", "0")]
    [InlineData("logs", "0")]
    public async Task Look_AtAnEmptyHome_SaysSo_AndMakesNothing(params string[] args)
    {
        var run = await _bench.RunAsync(args);
        Assert.Equal(2, run.Code);
        Assert.Contains("no sweeps in", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_bench.Home));
    }

    [Theory]
    [InlineData("status", "nonesuch")]
    [InlineData("runs", "nonesuch")]
    [InlineData("best", "nonesuch")]
    [InlineData("show", "nonesuch/000001")]
    [InlineData("show", "77")]
    [InlineData("show", "seven")]
    [InlineData("logs", "77")]
    public async Task Look_AtWhatDoesNotExist_ExitsWith2_AndSaysWhatThereIs(params string[] args)
    {
        var id = await _bench.SweepAsync(_bench.Grid());
        var run = await _bench.RunAsync(args);
        Assert.Equal(2, run.Code);
        Assert.Matches($"{id}|its id", run.Error);
    }

    [Fact]
    public async Task List_IsNewestFirst_AndMayBeRestricted()
    {
        Assert.Equal("[]", (await _bench.RunAsync("list", "--json")).Json.GetProperty("sweeps").GetRawText());
        await _bench.SweepAsync(_bench.Grid(name: "one"), "--set", "project=a");
        var second = await _bench.SweepAsync(_bench.Grid(name: "two"), "--set", "project=b");
        var sweeps = (await _bench.RunAsync("list", "--limit", "1", "--json")).Json.GetProperty("sweeps");
        Assert.Equal([second], sweeps.EnumerateArray().Select(s => s.GetProperty("id").GetString()));
        Assert.Equal("id name project state method metric counts best elapsedSeconds file kind identity tags attributes reproducible", CliRun.Names(sweeps[0]));
        var text = (await _bench.RunAsync("list", "--project", "a")).Out;
        Assert.Contains("one", text, StringComparison.Ordinal);
        Assert.DoesNotContain("two", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ById_ByItsBeginning_ByName_AndWithout_IsTheSame()
    {
        var id = await _bench.SweepAsync(_bench.Grid());
        var expected = (await _bench.RunAsync("status", id, "--json")).Out;
        Assert.Equal("completed", JsonDocument.Parse(expected).RootElement.GetProperty("sweep").GetProperty("state").GetString());
        Assert.Equal(expected, (await _bench.RunAsync("status", id[..^2], "--json")).Out);
        Assert.Equal(expected, (await _bench.RunAsync("status", "demo", "--json")).Out);
        Assert.Equal(expected, (await _bench.RunAsync("status", "--json")).Out);
        Assert.Contains("6 completed (of 6)", (await _bench.RunAsync("status")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_BeginningOfTwoIds_IsRefused()
    {
        var (first, second) = (await _bench.SweepAsync(_bench.Grid(name: "one")), await _bench.SweepAsync(_bench.Grid(name: "two")));
        var run = await _bench.RunAsync("status", first[..6]);
        Assert.Equal(2, run.Code);
        Assert.Contains(first, run.Error, StringComparison.Ordinal);
        Assert.Contains(second, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_Json_HasEveryRun_InItsShape()
    {
        await _bench.SweepAsync(_bench.Grid("partly"));
        var runs = (await _bench.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal([0, 1, 2, 3, 4, 5], runs.Select(r => r.GetProperty("number").GetInt32()));
        Assert.All(runs, r => Assert.Equal(RunMembers, CliRun.Names(r)));
        Assert.Equal(JsonValueKind.Null, runs[0].GetProperty("failure").ValueKind);
        Assert.Equal("kind type message stackTrace exitCode signal fingerprint logTail", CliRun.Names(runs[2].GetProperty("failure")));
        Assert.EndsWith("Z", runs[0].GetProperty("createdAt").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_StateSortAndLimit_Restrict()
    {
        await _bench.SweepAsync(_bench.Grid());
        var best = (await _bench.RunAsync("runs", "--sort", "objective", "--desc", "--limit", "2", "--json")).Json.GetProperty("runs");
        Assert.Equal([5, 4], best.EnumerateArray().Select(r => r.GetProperty("number").GetInt32()));
        var none = await _bench.RunAsync("runs", "--state", "failed", "--state", "queued");
        Assert.Equal((0, ""), (none.Code, none.Out));
        Assert.Contains("No run of", none.Error, StringComparison.Ordinal);
        Assert.Equal(8, (await _bench.RunAsync("runs", "--state", "completed")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Show_Run_ByNumberOrId_SaysEverything()
    {
        var id = await _bench.SweepAsync(_bench.Grid());
        var text = (await _bench.RunAsync("show", "5")).Out;
        Assert.Equal(text, (await _bench.RunAsync("show", id + "/000005")).Out);
        Assert.Contains("rate = 0.5", text, StringComparison.Ordinal);
        Assert.Matches(@"value +3\.1 +1 +0 +3\.1 +1\.55 +3\.1 +2 +▁█", text);
        var json = (await _bench.RunAsync("show", "5", "--json")).Json;
        Assert.Equal("version run attempts checkpoints trackerLosses series aggregates tasks artifacts environment project identity definition", CliRun.Names(json));
        Assert.Equal(RunMembers, CliRun.Names(json.GetProperty("run")));
        Assert.Equal(1, json.GetProperty("attempts").GetArrayLength());
        Assert.Equal(2, json.GetProperty("series").GetProperty("value").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Show_RunOfWhichATrackerLostSomething_SaysWhatAndWhy()
    {
        _bench.Configure = app => app.AddTracker("bad", _ => throw new IOException("no way"));
        await _bench.SweepAsync(_bench.Grid(more: """, "trackers": ["bad"]"""));
        Assert.Matches(@"(?m)^bad +1 +4 +failed in Create: IOException: no way$", (await _bench.RunAsync("show", "5")).Out);
        var loss = Assert.Single((await _bench.RunAsync("show", "5", "--json")).Json.GetProperty("trackerLosses").EnumerateArray());
        Assert.Equal("""{"tracker":"bad","attempt":1,"points":4,"reason":"failed in Create: IOException: no way"}""", loss.GetRawText());
    }

    [Fact]
    public async Task Show_FailedRun_HasItsStack()
    {
        await _bench.SweepAsync(_bench.Grid("partly"));
        var text = (await _bench.RunAsync("show", "2")).Out;
        Assert.Contains("System.InvalidOperationException: no luck", text, StringComparison.Ordinal);
        Assert.Contains("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Best_HasRunAndAssignments()
    {
        await _bench.SweepAsync(_bench.Grid());
        var json = (await _bench.RunAsync("best", "--limit", "2", "--json")).Json;
        Assert.Equal("version run bestAssignments", CliRun.Names(json));
        Assert.Equal(3.1, json.GetProperty("run").GetProperty("objective").GetDouble(), 9);
        Assert.Equal(2, json.GetProperty("bestAssignments").GetArrayLength());
        Assert.Contains("3.05 ± 0.071", (await _bench.RunAsync("best")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Best_NothingCompleted_SaysSo()
    {
        await _bench.SweepAsync(_bench.Grid("never"));
        var run = await _bench.RunAsync("best");
        Assert.Equal((0, ""), (run.Code, run.Out));
        Assert.Contains("6 failed", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("-f")]
    public async Task Logs_PrintsTheLog_OrSaysThatThereIsNone(params string[] more)
    {
        await _bench.SweepAsync(_bench.Grid("talks"));
        var run = await _bench.RunAsync(["logs", "3", .. more]);
        Assert.Equal(0, run.Code);
        Assert.Contains("hello from run 3", run.Out, StringComparison.Ordinal);
        await _bench.SweepAsync(_bench.Grid());
        run = await _bench.RunAsync(["logs", "3", .. more]);
        Assert.Equal((0, ""), (run.Code, run.Out));
        Assert.Contains("has logged nothing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_OfARunThatFailedWithoutAWord_ShowTheFailuresFromTheStore()
    {
        await _bench.SweepAsync(_bench.Grid("partly", """, "retry": {"maxAttempts": 2}"""));

        var run = await _bench.RunAsync("logs", "2");

        Assert.Equal(0, run.Code);
        Assert.Contains("(failed) has logged nothing", run.Error, StringComparison.Ordinal);
        Assert.Contains("ERR Attempt 1 failed (Exception): System.InvalidOperationException: no luck\nwith x\n   at ", run.Out, StringComparison.Ordinal);
        Assert.Contains("ERR Attempt 2 failed", run.Out, StringComparison.Ordinal);
    }
}
