using System.Diagnostics;
using System.Text.Json;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>External programs as trainables, started by the launcher.</summary>
public sealed class CommandTests(CommandSweeps sweeps) : CommandConformance(sweeps), IClassFixture<CommandSweeps>
{
    [Fact]
    public Task Command_LeavesProcessesBehind_TheyAreEndedWithIt() =>
        LeaveBehindAsync("sleep 600 &", "(setsid sleep 600 &)", "(setsid sh -c 'sleep 600 & sleep 600' &)", "(setsid env -i /bin/sh -c 'sleep 600 & sleep 600' &)");

    [Theory]
    [InlineData("(setsid sh -c \"$0\" &)")]
    [InlineData("(sh -c 'setsid sh -c \"$0\"; exit 0' \"$0\" &)")] // its parent has lost its own, and stays in the session
    public async Task Command_ChildThatLeftItsSessionTakesTooMuchMemory_IsEndedAsOutOfMemory(string fork)
    {
        using var home = new ProgramHome();
        const string Hungry = "awk 'BEGIN { for (i = 0; i < 200000; i++) a[i] = sprintf(\"%1000d\", i); system(\"sleep 600\") }'; exit 0";
        var file = home.Write("c.json", JsonSerializer.Serialize(new
        {
            command = new[] { "sh", "-c", fork + "; sleep 600", Hungry },
            metric = new { name = "loss", goal = "minimize" },
            parameters = new { x = 1 },
            resources = new { memory = "64MiB" },
            timeout = "1m",
        }));

        var result = await home.RunAsync("sweep", file, "--json");
        var failure = (await home.RunAsync("show", "0", "--json")).Json.GetProperty("run").GetProperty("failure");

        Assert.True(result.ExitCode == 5, result.Error);
        Assert.Equal("outOfMemory", failure.GetProperty("kind").GetString());
        await Processes.NoneIsLeftAsync(home.Folder);
    }

    [Fact]
    public async Task Launcher_Killed_RunsBeginAnewAndNothingIsLeft()
    {
        using var home = new ProgramHome();
        var file = home.Write("c.json", JsonSerializer.Serialize(new
        {
            command = new[] { "sh", "-c", $"echo $$ >> {home.Folder}/starts; test $ORCHESTRATOR_ATTEMPT -gt 1 || (setsid sleep 600 & sleep 600); echo '{{\"loss\": 1}}'" },
            metric = new { name = "loss", goal = "minimize" },
            parameters = new { x = new[] { 1, 2 } },
        }));
        using var process = home.Start("sweep", file, "--workers", "2", "--no-progress");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var starts = Path.Combine(home.Folder, "starts");
        await Patience.UntilAsync(() => File.Exists(starts) && File.ReadAllLines(starts).Length >= 2, "two runs");

        var launcher = LauncherOf(process.Id);
        Process.GetProcessById(launcher).Kill();
        await ProgramHome.EndAsync(process);

        Assert.True(process.ExitCode == 0, await error + await output);
        Assert.Equal(4, File.ReadAllLines(starts).Length);
        await Processes.NoneIsLeftAsync(home.Folder);
    }

    private static int LauncherOf(int orchestrator) => Processes.With("--orchestrator-process\0launcher").Single(id => Ancestors(id).Contains(orchestrator));

    private static IEnumerable<int> Ancestors(int id)
    {
        while (Orchestrator.Execution.Processes.ProcessTable.Find(id) is { } entry && entry.Parent > 0)
            yield return id = entry.Parent;
    }
}
