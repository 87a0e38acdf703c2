using System.Diagnostics;
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
        Assert.SkipUnless(await MountsAsync(_home.Folder), "Mounts cannot be made here (unshare).");
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
            parameters: {x: [1, 2, 3, 4], sleep: {{(killed ? "0.3" : "0")}}}
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
        var calls = lines.Select((line, i) => $"dotnet '{Path.Combine(AppContext.BaseDirectory, "Orchestrator.App.dll")}' {line} >out{i} 2>err{i}; echo $? >code{i}");
        var result = await ShellAsync(_home.Folder, "mount --bind .orchestrator .orchestrator && mount -o remount,ro,bind .orchestrator && { " + string.Join("; ", calls) + "; }");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return [.. lines.Select((_, i) => new ProgramResult(int.Parse(Read("code", i), null), Read("out", i), Read("err", i)))];
    }

    private string Read(string what, int i) => File.ReadAllText(Path.Combine(_home.Folder, what + i));

    private static async Task<bool> MountsAsync(string folder) => OperatingSystem.IsLinux() && File.Exists("/usr/bin/unshare")
        && (await ShellAsync(folder, "mount --bind . . && mount -o remount,ro,bind .")).ExitCode == 0;

    private static async Task<ProgramResult> ShellAsync(string folder, string script)
    {
        var start = new ProcessStartInfo("/usr/bin/unshare", ["--mount", "--map-root-user", "sh", "-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await ProgramHome.EndAsync(process);
        return new ProgramResult(process.ExitCode, await output, await error);
    }
}
