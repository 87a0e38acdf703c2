using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>Every file in sweeps/ is executed by the real program.</summary>
public sealed class SampleSweepTests
{
    private static readonly string Samples = Path.Combine(RepositoryRoot(), "sweeps");

    [Fact]
    public async Task Grid_EndsWell_AndReachesTheAccuracy()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "grid.json"), "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        var sweep = result.Json.GetProperty("sweep");
        Assert.Equal(27, sweep.GetProperty("counts").GetProperty("completed").GetInt32());
        Assert.Equal(3, sweep.GetProperty("bestAssignments")[0].GetProperty("runs").GetInt32());
        Assert.True(sweep.GetProperty("best").GetProperty("objective").GetDouble() >= 0.97, result.Output);
        var test = sweep.GetProperty("bestAssignments")[0].GetProperty("metrics").GetProperty("testAccuracy").GetProperty("mean").GetDouble();
        Assert.True(test >= 0.96, result.Output);
    }

    [Fact]
    public async Task Random_RunsTheIncludedPointFirstAndWritesCsv()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "random.yaml"), "--json");
        var runs = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(16, runs.GetArrayLength());
        Assert.Equal(0.02, runs[0].GetProperty("parameters").GetProperty("learningRate").GetDouble());
        Assert.All(runs.EnumerateArray(), run =>
        {
            var csv = File.ReadLines(Path.Combine(home.Folder, ".orchestrator", run.GetProperty("directory").GetString()!, "metrics.csv"));
            Assert.Equal(1 + (10 * 4) + 2, csv.Count());
        });
    }

    [Fact]
    public async Task Conditions_RunsEveryValidAssignmentOnce()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "conditions.yaml"), "--json");
        var runs = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().ToArray();

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(15, runs.Length);
        Assert.Equal(15, runs.Select(r => r.GetProperty("parameters").GetRawText()).Distinct().Count());
        Assert.All(runs, r => Assert.Equal(
            r.GetProperty("parameters").GetProperty("optimizer").GetString() == "sgd",
            r.GetProperty("parameters").TryGetProperty("momentum", out _)));
        Assert.Equal(1, runs.Count(r => r.GetProperty("parameters").GetProperty("learningRate").GetDouble() == 0.001));
    }

    [Fact]
    public async Task Tabular_LearnsAColumnFromTheOthers()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "tabular.yaml"), "--gpus", "none", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(8, result.Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32());
        Assert.True(result.Json.GetProperty("sweep").GetProperty("best").GetProperty("objective").GetDouble() >= 0.9, result.Output);
    }

    [Fact]
    public async Task Failing_EndsWithFourAndKeepsTheRest()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "failing.json"), "--json");
        var failed = (await home.RunAsync("runs", "--state", "failed", "--json")).Json.GetProperty("runs");

        Assert.Equal(4, result.ExitCode);
        var counts = result.Json.GetProperty("sweep").GetProperty("counts");
        Assert.Equal(40, counts.GetProperty("completed").GetInt32() + counts.GetProperty("failed").GetInt32());
        Assert.InRange(failed.GetArrayLength(), 1, 12);
        Assert.All(failed.EnumerateArray(), run =>
        {
            Assert.Equal(2, run.GetProperty("attempts").GetInt32());
            Assert.Equal("exception", run.GetProperty("failure").GetProperty("kind").GetString());
            Assert.StartsWith("The run failed on purpose", run.GetProperty("failure").GetProperty("message").GetString());
        });
        Assert.Single(failed.EnumerateArray().Select(r => r.GetProperty("failure").GetProperty("fingerprint").GetString()).Distinct());
    }

    [Fact]
    public async Task Gpus_SharesThePretendedOnes()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "gpus.yaml"), "--gpus", "2x80GiB", "--json");
        var runs = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().ToArray();

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(12, runs.Length);
        Assert.All(runs, r => Assert.Matches("^cuda:[01]$", r.GetProperty("device").GetString()));
    }

    [Fact]
    public async Task Command_RunsTheScriptBesideTheFile()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "command.yaml"), "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        var sweep = result.Json.GetProperty("sweep");
        Assert.Equal(12, sweep.GetProperty("counts").GetProperty("completed").GetInt32());
        Assert.InRange(sweep.GetProperty("best").GetProperty("objective").GetDouble(), 0, 1);
    }

    [Fact]
    public async Task EverySample_IsExecutedHereAndValid()
    {
        using var home = new ProgramHome();
        var files = Directory.EnumerateFiles(Samples).Select(f => Path.GetFileName(f)).Where(f => f != "sweep.schema.json").Order();

        Assert.Equal(["command.yaml", "conditions.yaml", "failing.json", "gpus.yaml", "grid.json", "random.yaml", "tabular.yaml"], files);
        foreach (var file in files)
            Assert.Equal(0, (await home.RunAsync("validate", Path.Combine(Samples, file))).ExitCode);
    }

    internal static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orchestrator.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run inside the repository.");
        return folder;
    }
}
