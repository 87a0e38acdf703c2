using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>A sweep of a command that goes on elsewhere: its paths belong to the home, not to the current folder.</summary>
public sealed class MovedSweepTests
{
    private const string Sweep = """
        command: [sh, "${sweepDir}/train.sh"]
        metric: {name: loss, goal: minimize}
        parameters: {x: [1, 2, 3]}
        """;

    [Fact]
    public async Task Retry_InAMovedHome_FromAnotherFolder_GoesOnBesideIt()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var home = new ProgramHome();
        var (before, after) = (Path.Combine(home.Folder, "before"), Path.Combine(home.Folder, "after"));
        Directory.CreateDirectory(before);
        // 'go' is looked for in the folder that the command starts in.
        File.WriteAllText(Path.Combine(before, "train.sh"), "test -e go && echo '{\"loss\": 1}'\n");
        File.WriteAllText(Path.Combine(before, "sweep.yaml"), Sweep);
        var sh = new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"cd before && exec dotnet '{Path.Combine(AppContext.BaseDirectory, home.Program)}.dll' sweep sweep.yaml --workers 1 --no-progress"])
        {
            WorkingDirectory = home.Folder,
        };
        var first = await ProgramHome.RunAsync(sh);
        Assert.True(first.ExitCode == 5, first.Error);

        Directory.Move(before, after);
        File.WriteAllText(Path.Combine(after, "go"), "");
        File.AppendAllText(Path.Combine(after, "sweep.yaml"), "# changed\n");
        var second = await home.RunAsync("retry", "--home", "after/.orchestrator", "--no-progress");

        Assert.True(second.ExitCode == 0, second.Error);
        Assert.Contains("3 completed", second.Output, StringComparison.Ordinal);
        Assert.Contains($"{Path.Combine(after, "sweep.yaml")} has changed", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_WhenTheSweepsFolderIsGone_IsOneError_BeforeAnyRun()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var home = new ProgramHome();
        var folder = Path.Combine(home.Folder, "project");
        Directory.CreateDirectory(folder);
        home.Write("project/train.sh", "exit 1\n");
        home.Write("project/sweep.yaml", Sweep);
        Assert.Equal(5, (await home.RunAsync("sweep", "project/sweep.yaml", "--workers", "1", "--no-progress")).ExitCode);
        Directory.Delete(folder, recursive: true);

        var result = await home.RunAsync("retry", "--no-progress");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"'{folder}' is not there", result.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("counts").GetProperty("failed").GetInt32());
    }
}
