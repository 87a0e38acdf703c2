using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>Processes that end before they can take a run: killed from outside it costs attempts, never the sweep; by themselves it ends the sweep.</summary>
public sealed class BadStartTests
{
    private const string InProcesses = "trainable: registered-delegate\nisolation: process";
    private const string Commands = "command: [sh, -c, 'echo \"{\\\"loss\\\": 1}\"']";

    [Theory]
    [InlineData(InProcesses, "worker kill 30")] // six attempts at most, none of them the run's doing
    [InlineData(InProcesses, "launcher kill 8")]
    [InlineData(Commands, "launcher kill 8")]
    public async Task Start_KilledFromOutsideAgainAndAgain_CostsAttemptsOnly(string what, string start)
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo" };
        var file = home.Write("sweep.yaml", Sweep(what));
        home.Environment["ZOO_BAD_START"] = $"{start} {home.Folder}";

        var result = await home.RunAsync("sweep", file, "--workers", "1", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(2, result.Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32());
        Assert.Contains("workerLost", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InProcesses, "worker", "200 processes in a row were killed from outside (signal 9 (SIGKILL))")]
    [InlineData(Commands, "launcher", "200 launchers of processes in a row were killed from outside")]
    public async Task Start_AlwaysKilled_TheSweepEndsAndSaysWhy(string what, string part, string why)
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo" };
        var file = home.Write("sweep.yaml", Sweep(what));
        home.Environment["ZOO_BAD_START"] = $"{part} kill 1000 {home.Folder}";

        var result = await home.RunAsync("sweep", file, "--workers", "2");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        var counts = (await home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("counts");
        Assert.Equal(0, counts.GetProperty("running").GetInt32() + counts.GetProperty("failed").GetInt32());
    }

    [Theory]
    [InlineData(InProcesses, "worker")]
    [InlineData(InProcesses, "launcher")]
    [InlineData(Commands, "launcher")]
    public async Task Start_FailsByItself_TheSweepEndsAndSaysWhy(string what, string part)
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo" };
        var file = home.Write("sweep.yaml", Sweep(what));
        home.Environment["ZOO_BAD_START"] = $"{part} exit 1000 {home.Folder}";

        var result = await home.RunAsync("sweep", file, "--workers", "1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("exit code 7", result.Error, StringComparison.Ordinal);
        Assert.Contains("a bad start, on purpose", result.Error, StringComparison.Ordinal);
        var counts = (await home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("counts");
        Assert.Equal((0, 1), (counts.GetProperty("running").GetInt32(), counts.GetProperty("queued").GetInt32()));

        home.Environment.Remove("ZOO_BAD_START");
        var resumed = await home.RunAsync("resume", "--json");
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(2, resumed.Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32());
    }

    [Fact]
    public async Task Start_MemoryIsTooLittleForTheRuntime_TheSweepEndsAndSaysWhichSettingItIs()
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo" };
        var file = home.Write("sweep.yaml", Sweep(InProcesses) + "resources: {memory: 1MiB}\n");

        var result = await home.RunAsync("sweep", file, "--workers", "1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("'resources.memory' gives it 1.0 MiB, which may be too little to start in", result.Error, StringComparison.Ordinal);
    }

    private static string Sweep(string what) => $"{what}\nmetric: {{name: loss, goal: minimize}}\nparameters:\n  x: [1.0, 2.0]\n";
}
