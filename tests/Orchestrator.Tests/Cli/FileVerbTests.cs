using System.Text.Json;

namespace Orchestrator.Tests.Cli;

/// <summary><c>validate</c>, <c>plan</c>, <c>schema</c>: what reads a sweep file and runs nothing.</summary>
public sealed class FileVerbTests : IDisposable
{
    private const string FiveMistakes =
        """
        {
          "trainable": "okk",
          "metric": {"name": "value", "goal": "upwards"},
          "methd": "grid",
          "parameters": {"x": {"min": 3, "max": 1}, "y": {"min": 0, "max": 1, "log": true}}
        }
        """;

    private readonly CliBench _bench = new();

    public void Dispose()
    {
        Assert.False(Directory.Exists(_bench.Home), "Nothing of this stores anything.");
        _bench.Dispose();
    }

    [Fact]
    public async Task Plan_BoundThatIsTheLimit_IsSaidOnce()
    {
        var file = _bench.Write("""
            {"trainable": "ok", "metric": {"name": "value", "goal": "maximize"}, "method": "random", "limits": {"maxRuns": 12, "duration": "1h"}, "parameters": {"x": {"min": 0.0, "max": 1.0}}}
            """);
        var line = (await _bench.RunAsync("plan", file)).Out.Split('\n')[1];
        Assert.Equal("  no end of assignments x 1 seed = at most 12 runs", line);
        Assert.Contains(", at most 5 = 5 runs", (await _bench.RunAsync("plan", _bench.Grid(), "--max-runs", "5")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_ValidFile_ExitsWith0()
    {
        var run = await _bench.RunAsync("validate", _bench.Grid());
        Assert.Equal(0, run.Code);
        Assert.EndsWith("is valid.", run.Out.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_FiveMistakes_ReportsAll_WithPlaces()
    {
        var file = _bench.Write(FiveMistakes);
        var run = await _bench.RunAsync("validate", file);
        Assert.Equal(3, run.Code);
        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length >= 5, run.Out);
        Assert.All(lines, line => Assert.Matches(@"^.*sweep\.json\(\d+,\d+\): (error|warning) SWP\d{3}: ", line));
        foreach (var line in new[] { 2, 3, 4, 5 })
            Assert.Contains(lines, l => l.Contains($"({line},", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Validate_Json_HasTheProblems()
    {
        var file = _bench.Write(FiveMistakes);
        var run = await _bench.RunAsync("validate", file, "--json");
        Assert.Equal(3, run.Code);
        Assert.Equal("version file problems", CliRun.Names(run.Json));
        Assert.Equal(file, run.Json.GetProperty("file").GetString());
        var problems = run.Json.GetProperty("problems").EnumerateArray().ToList();
        Assert.True(problems.Count(p => p.GetProperty("severity").GetString() == "error") >= 5);
        Assert.All(problems, p => Assert.Equal("file line column code severity message", CliRun.Names(p)));
    }

    [Fact]
    public async Task Validate_MissingFile_IsAProblem()
    {
        var run = await _bench.RunAsync("validate", Path.Combine(_bench.Folder, "none.json"));
        Assert.Equal(3, run.Code);
        Assert.Contains("none.json", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-runs", "0")]
    [InlineData("--set", "metric.goal=sideways")]
    [InlineData("--set", "parameters.x={min: 2, max: 1}")]
    public async Task Validate_ChangesFromTheCommandLine_AreValidatedToo(string option, string value)
    {
        var file = _bench.Grid();
        Assert.Equal(0, (await _bench.RunAsync("validate", file)).Code);
        Assert.Equal(3, (await _bench.RunAsync("validate", file, option, value)).Code);
    }

    [Fact]
    public async Task Schema_IsASchema()
    {
        var run = await _bench.RunAsync("schema");
        Assert.Equal(0, run.Code);
        using var schema = JsonDocument.Parse(run.Out);
        Assert.True(schema.RootElement.GetProperty("properties").TryGetProperty("parameters", out _));
    }

    [Fact]
    public async Task Plan_ShowsCountAndFirstAssignments()
    {
        var run = await _bench.RunAsync("plan", _bench.Grid(), "--first", "2");
        Assert.Equal(0, run.Code);
        Assert.Contains("3 assignments x 2 seeds = 6 runs", run.Out, StringComparison.Ordinal);
        Assert.Contains("always rate=0.5", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("...", run.Out.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_Json_HasCountsAndFirst()
    {
        var run = await _bench.RunAsync("plan", _bench.Grid(), "--first", "2", "--max-runs", "5", "--json");
        Assert.Equal(0, run.Code);
        var plan = run.Json.GetProperty("plan");
        Assert.Equal("file name method metric assignments replicates runs exact first", CliRun.Names(plan));
        Assert.Equal((3, 5, true), (plan.GetProperty("assignments").GetInt32(), plan.GetProperty("runs").GetInt32(), plan.GetProperty("exact").GetBoolean()));
        Assert.Equal([1, 2], plan.GetProperty("first").EnumerateArray().Select(p => p.GetProperty("parameters").GetProperty("x").GetInt32()));
    }

    [Fact]
    public async Task Plan_GridOfATrillion_IsCountedExactly()
    {
        var range = """{"min": 1, "max": 1000}""";
        var file = _bench.Write(
            $$"""
            {
              "trainable": "ok", "metric": {"name": "value", "goal": "minimize"}, "replicates": 3,
              "parameters": {"a": {{range}}, "b": {{range}}, "c": {{range}}, "x": {{range}}}
            }
            """);
        var plan = (await _bench.RunAsync("plan", file, "--json")).Json.GetProperty("plan");
        Assert.Equal(1_000_000_000_000, plan.GetProperty("assignments").GetInt64());
        Assert.Equal(3_000_000_000_000, plan.GetProperty("runs").GetInt64());
        Assert.True(plan.GetProperty("exact").GetBoolean());
        Assert.Equal(10, plan.GetProperty("first").GetArrayLength());
    }

    [Fact]
    public async Task Plan_RandomSweep_HasAsManyRunsAsTheLimitSays()
    {
        var file = _bench.Grid(more: """, "limits": {"maxRuns": 7}""");
        var plan = (await _bench.RunAsync("plan", file, "--set", "method=random", "--json")).Json.GetProperty("plan");
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("assignments").ValueKind);
        Assert.Equal(7, plan.GetProperty("runs").GetInt32());
        Assert.Equal(4, plan.GetProperty("first").GetArrayLength());
    }

    [Fact]
    public async Task Plan_TargetMayEndIt_SoTheCountIsABound()
    {
        var plan = (await _bench.RunAsync("plan", _bench.Grid(), "--set", "metric.target=2", "--json")).Json.GetProperty("plan");
        Assert.Equal(6, plan.GetProperty("runs").GetInt32());
        Assert.False(plan.GetProperty("exact").GetBoolean());
    }

    [Fact]
    public async Task Plan_InvalidFile_ExitsWith3()
    {
        var run = await _bench.RunAsync("plan", _bench.Write(FiveMistakes), "--json");
        Assert.Equal(3, run.Code);
        Assert.Equal("invalidSweepFile", run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.True(run.Json.GetProperty("error").GetProperty("problems").GetArrayLength() >= 5);
    }

    [Fact]
    public async Task SweepDryRun_IsThePlan()
    {
        var file = _bench.Grid();
        Assert.Equal((await _bench.RunAsync("plan", file)).Out, (await _bench.RunAsync("sweep", file, "--dry-run")).Out);
    }
}
