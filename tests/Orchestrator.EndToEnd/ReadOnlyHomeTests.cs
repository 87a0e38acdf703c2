using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>The real program on a home that may not be written: mounted so, in a mount namespace of the test's own.</summary>
public sealed class ReadOnlyHomeTests : IDisposable
{
    private readonly ProgramHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // killed: the last changes are in the write-ahead log
    public async Task ReadOnlyHome_CanBeLookedAt_AndNothingElse(bool killed)
    {
        Assert.SkipUnless(await MountedShell.IsAvailableAsync(_home.Folder), MountedShell.Missing);
        await PrepareAsync(killed);

        var look = await OnReadOnlyAsync("list", "status", "runs --json", "show 1", "best", "logs 1", "compare 0 1", "failures", "export", "stop points", "rm --yes points", "sweep points.yaml", "resume points");

        Assert.All(look[..9], r => Assert.True(r.ExitCode == 0, $"{r.Output}{r.Error}"));
        Assert.Contains("points", look[0].Output, StringComparison.Ordinal);
        Assert.Contains(killed ? "interrupted" : "completed", look[1].Output, StringComparison.Ordinal);
        Assert.Equal(killed ? 3 : 4, look[2].Json.GetProperty("runs").GetArrayLength());
        Assert.All(look[9..], r => Assert.True(r.ExitCode is 1 or 2 && r.Output.Length == 0, $"{r.ExitCode} {r.Output}{r.Error}"));
        Assert.All(look[9..], r => Assert.Contains("may not be written: what is in it can be looked at", r.Error, StringComparison.Ordinal));
        Assert.All(look[9..], r => Assert.DoesNotContain("   at ", r.Error, StringComparison.Ordinal));
    }

    private async Task PrepareAsync(bool killed)
    {
        _home.Write("points.yaml", $$"""
            trainable: function
            metric: {name: value, goal: minimize}
            parameters: {x: [1, 2, 3, 4], sleep: [0, 0, {{(killed ? 600 : 0)}}, 0]}
            zip: [[x, sleep]]
            """);
        using var program = new WatchedProgram(_home.Start("sweep", "points.yaml", "--workers", "1"));
        if (killed)
        {
            await program.SaysAsync("run 000002 started");
            program.Signal(9);
        }

        await program.EndAsync();
    }

    /// <summary>Runs the program once for each line, with its home read-only.</summary>
    private async Task<ProgramResult[]> OnReadOnlyAsync(params string[] lines)
    {
        using var shell = new MountedShell(_home.Folder);
        shell.Do("mount --bind .orchestrator .orchestrator && mount -o remount,ro,bind .orchestrator");
        foreach (var line in lines)
            shell.Call(line);
        return await shell.RunAsync();
    }
}
