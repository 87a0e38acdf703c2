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

    private static int Completed(ProgramResult status) => status.Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32();
}
