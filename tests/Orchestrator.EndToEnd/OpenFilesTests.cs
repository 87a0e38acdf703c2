using System.Diagnostics;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>Too few open files: the program says so, whatever it cannot load.</summary>
public sealed class OpenFilesTests
{
    [Theory]
    [InlineData(44)] // .NET itself needs 30 to 36
    [InlineData(64)]
    [InlineData(255)]
    public async Task Program_TooFewOpenFiles_EndsWithOneSentence(int limit)
    {
        using var home = new ProgramHome();
        home.Write("c.yaml", "command: [echo, '{\"loss\": 1}']\nmetric: {name: loss, goal: minimize}\nparameters: {x: 1}\n");

        var result = await ProgramHome.RunAsync(Limited(home, limit, "sweep", "c.yaml"));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            $"error: This process may have {limit} files open, and needs at least 256. Raise the limit, with 'ulimit -n 1024' in the shell that starts it, or LimitNOFILE= of a service.\n",
            result.Error);
    }

    [Fact]
    public async Task Sweep_FilesRunOutWhileItIsExecuted_SaysSoAndCanBeResumed()
    {
        using var home = new ProgramHome();
        home.Write("c.yaml", """
            command: [sh, -c, 'test "$ORCHESTRATOR_ATTEMPT" -gt 1 || sleep 600; echo "{\"loss\": 1}"']
            metric: {name: loss, goal: minimize}
            parameters: {x: {min: 1, max: 64}}
            """);

        var result = await ProgramHome.RunAsync(Limited(home, 256, "sweep", "c.yaml", "--workers", "64", "--no-progress"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Too many open files", result.Error, StringComparison.Ordinal);
        Assert.Contains("have fewer runs at once (--workers)", result.Error, StringComparison.Ordinal);

        var counts = (await home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("counts");
        Assert.Equal((0, 0), (counts.GetProperty("running").GetInt32(), counts.GetProperty("failed").GetInt32()));
    }

    private static ProcessStartInfo Limited(ProgramHome home, int limit, params string[] args) =>
        new("sh", ["-c", $"ulimit -n {limit}; exec dotnet \"$@\"", "sh", Path.Combine(AppContext.BaseDirectory, home.Program + ".dll"), .. args]) { WorkingDirectory = home.Folder };
}
