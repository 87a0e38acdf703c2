using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>The real program on a disk of eight megabytes.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task DiskThatFillsInTheMiddle_IsSaidOnce_KeepsWhatWasCommitted_AndWithMoreRoomResumeGoesOn()
    {
        using var home = new ProgramHome();
        Assert.SkipUnless(await MountedShell.IsAvailableAsync(home.Folder), MountedShell.Missing);
        home.Write("many.yaml", """
            trainable: function
            metric: {name: value, goal: minimize}
            method: random
            parameters: {x: {min: 0.0, max: 1.0}}
            limits: {maxRuns: 1000000}
            """);
        using var shell = new MountedShell(home.Folder);
        shell.Do("mkdir .orchestrator; mount -t tmpfs -o size=8m none .orchestrator");
        shell.Call("sweep many.yaml --workers 2");
        shell.Do("mount -o remount,size=64m .orchestrator");
        shell.Call("status --json");
        shell.Call("set many duration=0.001"); // its time is over: what is left is one run at most
        shell.Call("resume --json");
        shell.Call("status --json");

        var (swept, status, set, resumed, after) = await shell.RunAsync() is [var a, var b, var c, var d, var e] ? (a, b, c, d, e) : default;

        Assert.True(swept.ExitCode == 1, swept.Error);
        var told = swept.Error.Split('\n').Where(line => line.Contains("disk", StringComparison.Ordinal)).ToList();
        Assert.Equal("", swept.Output);
        Assert.Matches(@"^error: The disk that holds .*orchestrator\.db is full\. What was committed is kept; free some space, then resume\.", Assert.Single(told));
        Assert.DoesNotContain("   at ", swept.Error, StringComparison.Ordinal);
        var completed = Completed(status);
        Assert.InRange(completed, 1, 999_999);
        Assert.True(set.ExitCode == 0, set.Error);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.InRange(Completed(after), completed, completed + 1000);
        Assert.Equal("completed", after.Json.GetProperty("sweep").GetProperty("state").GetString());
    }

    [Fact]
    public async Task RunsThatFillTheHome_EndItWithOneSentence_AndWithMoreRoomResumeFinishesEveryRunOnce()
    {
        using var home = new ProgramHome();
        Assert.SkipUnless(await MountedShell.IsAvailableAsync(home.Folder), MountedShell.Missing);
        home.Write("big.yaml", """
            command: [sh, -c, 'dd if=/dev/zero of="$ORCHESTRATOR_RUN_DIR/x" bs=64K count=4 && echo ${x} >> done.txt && echo "{\"loss\": 1}"']
            metric: {name: loss, goal: minimize}
            parameters: {x: {min: 1, max: 60, step: 1}}
            """);
        using var shell = new MountedShell(home.Folder);
        shell.Do("mkdir .orchestrator; mount -t tmpfs -o size=8m none .orchestrator");
        shell.Call("sweep big.yaml --workers 1");
        shell.Call("status --json");
        shell.Do("cp done.txt before.txt; mount -o remount,size=64m .orchestrator");
        shell.Call("resume");
        shell.Call("runs --json");

        var results = await shell.RunAsync();

        Assert.True(results[0].ExitCode == 1, results[0].Error);
        Assert.Single(results[0].Error.Split('\n'), line => line.StartsWith("error: The disk that holds", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", results[0].Error, StringComparison.Ordinal);
        var kept = Completed(results[1]);
        Assert.InRange(kept, 1, 59);
        Assert.True(results[2].ExitCode == 0, results[2].Error);
        Assert.Equal(Enumerable.Repeat("completed", 60), results[3].Json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("state").GetString()));
        // What was told as kept was not done again; what had ended unrecorded was.
        var (before, done) = (File.ReadAllLines(Path.Combine(home.Folder, "before.txt")), File.ReadAllLines(Path.Combine(home.Folder, "done.txt")));
        Assert.Equal(60 - kept, done.Length - before.Length);
        Assert.Equal(60, done.Distinct().Count());
    }

    [Fact]
    public async Task HomeThatWasFilledByOthers_CanBeLookedAt_AndWhoWritesIsTold()
    {
        using var home = new ProgramHome();
        Assert.SkipUnless(await MountedShell.IsAvailableAsync(home.Folder), MountedShell.Missing);
        home.Write("points.yaml", "trainable: function\nmetric: {name: value, goal: minimize}\nparameters: {x: [1, 2]}\n");
        using var shell = new MountedShell(home.Folder);
        shell.Do("mkdir .orchestrator; mount -t tmpfs -o size=2m none .orchestrator");
        shell.Call("sweep points.yaml");
        shell.Do("dd if=/dev/zero of=.orchestrator/fill bs=1K 2>/dev/null || true"); // no page is left, not even for an index of a log
        string[] looks = ["list", "status", "runs --json", "show 1", "best", "failures", "export"];
        foreach (var look in looks)
            shell.Call(look);
        shell.Call("sweep points.yaml");
        shell.Do("rm .orchestrator/fill");
        shell.Call("sweep points.yaml");

        var results = await shell.RunAsync();

        Assert.Equal(0, results[0].ExitCode);
        Assert.All(results[1..^2], r => Assert.True(r.ExitCode == 0, r.Error));
        Assert.Equal(2, results[3].Json.GetProperty("runs").GetArrayLength());
        Assert.True(results[^2].ExitCode == 1, results[^2].Error);
        Assert.Contains("error: The disk that holds", results[^2].Error, StringComparison.Ordinal);
        Assert.True(results[^1].ExitCode == 0, results[^1].Error);
    }

    private static int Completed(ProgramResult status) => status.Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32();
}
