using System.Text.Json;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>Runs that fill a real disk: a small one, mounted for the test alone.</summary>
public sealed class ZooDiskTests
{
    private const string Metric = "metric: {name: loss, goal: minimize}\n";

    [Theory]
    [InlineData("thread", "fills-scratch", "No space left on device")]
    [InlineData("process", "fills-scratch", "No space left on device")]
    [InlineData("process", "fills-scratch-elsewhere", "(SIGABRT): Unhandled exception. System.IO.IOException: No space left on device")]
    public async Task Trainable_FillsARealDisk_HarmsOnlyItself(string isolation, string how, string said)
    {
        using var home = new ProgramHome();
        Assert.SkipUnless(await MountedShell.IsAvailableAsync(home.Folder), MountedShell.Missing);
        home.Write("zoo.yaml", $"trainable: bad\n{Metric}parameters: {{how: [{how}, fine], x: 5.0}}\nreplicates: 2\nisolation: {isolation}\n");
        using var shell = new MountedShell(home.Folder);
        shell.Do("mkdir scratch; mount -t tmpfs -o size=2m none scratch");
        shell.Call("sweep zoo.yaml --workers 2", "Orchestrator.Zoo");
        shell.Call("runs --json");

        var results = await shell.RunAsync();

        Assert.True(results[0].ExitCode == 4, results[0].Error);
        var runs = RunsOf(results[1]);
        Assert.Equal(["failed", "failed", "completed", "completed"], runs.Select(r => r.GetProperty("state").GetString()));
        Assert.All(runs[..2], r => AssertFull(r, said));
        await Processes.NoneIsLeftAsync(home.Folder);
    }

    [Theory]
    [InlineData("dd if=/dev/zero of=scratch/$$ bs=64K", "ended with exit code 1: dd: error writing 'scratch/")]
    [InlineData("exec cat /dev/zero > scratch/$$", "No space left on device")]
    public async Task Command_FillsARealDiskAndSaysSo_HarmsOnlyItself(string fill, string said)
    {
        using var home = new ProgramHome();
        Assert.SkipUnless(await MountedShell.IsAvailableAsync(home.Folder), MountedShell.Missing);
        home.Write("zoo.yaml", $$"""
            command: [sh, -c, 'if [ ${how} = fills ]; then {{fill}}; else echo "{\"loss\": 5}"; fi']
            {{Metric}}
            parameters: {how: [fills, fine]}
            replicates: 2
            """);
        using var shell = new MountedShell(home.Folder);
        shell.Do("mkdir scratch; mount -t tmpfs -o size=2m none scratch");
        shell.Call("sweep zoo.yaml --workers 2");
        shell.Call("runs --json");

        var results = await shell.RunAsync();

        Assert.True(results[0].ExitCode == 4, results[0].Error);
        var runs = RunsOf(results[1]);
        Assert.Equal(["failed", "failed", "completed", "completed"], runs.Select(r => r.GetProperty("state").GetString()));
        Assert.All(runs[..2], r => AssertFull(r, said));
        Assert.All(runs[..2], r => Assert.Equal(1, r.GetProperty("failure").GetProperty("exitCode").GetInt32()));
    }

    [Fact]
    public async Task Command_FillsTheDiskOfItsFolderAndSaysNothing_IsResourceLimit_AndSoIsOneThatFindsItFull()
    {
        using var home = new ProgramHome();
        Assert.SkipUnless(await MountedShell.IsAvailableAsync(home.Folder), MountedShell.Missing);
        home.Write("zoo.yaml", $$"""
            command: [sh, -c, 'if [ ${n} = 1 ]; then cat /dev/zero > $ORCHESTRATOR_RUN_DIR/big; exit 3; fi 2>/dev/null; echo "{\"loss\": 5}"; exit ${n}']
            {{Metric}}
            parameters: {n: [0, 7, 1, 2]}
            """);
        using var shell = new MountedShell(home.Folder);
        shell.Do("mkdir -p .orchestrator/sweeps; mount -t tmpfs -o size=2m none .orchestrator/sweeps");
        shell.Call("sweep zoo.yaml --workers 1");
        shell.Call("runs --json");

        var results = await shell.RunAsync();

        Assert.True(results[0].ExitCode == 4, results[0].Error);
        var runs = RunsOf(results[1]);
        Assert.Equal(["completed", "failed", "failed", "failed"], runs.Select(r => r.GetProperty("state").GetString()));
        Assert.Equal("exit", runs[1].GetProperty("failure").GetProperty("kind").GetString()); // there was room: an error of its own
        AssertFull(runs[2], "ended with exit code 3 (there is no room left on the disk of ");
        AssertFull(runs[3], "No space left on device"); // its folder could not be made
    }

    private static JsonElement[] RunsOf(ProgramResult result) => [.. result.Json.GetProperty("runs").EnumerateArray()];

    private static void AssertFull(JsonElement run, string said)
    {
        var failure = run.GetProperty("failure");
        Assert.Equal("resourceLimit", failure.GetProperty("kind").GetString());
        Assert.Contains(said, failure.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
