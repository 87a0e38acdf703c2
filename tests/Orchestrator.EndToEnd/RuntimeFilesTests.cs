using System.Diagnostics;
using Orchestrator.EndToEnd.Support;
using Orchestrator.Execution.Processes;

namespace Orchestrator.EndToEnd;

/// <summary>What a killed .NET process leaves in the temporary folder goes with it.</summary>
public sealed class RuntimeFilesTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("portable")]
    public async Task Workers_KilledAndAborted_LeaveNoFilesOfTheRuntime(string? way)
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = way };
        var file = home.Write("zoo.yaml", Zoo("[fine, kills-itself, aborts]"));

        var result = await home.RunAsync("sweep", file, "--no-progress", "--workers", "2");

        Assert.Equal(4, result.ExitCode);
        Assert.Equal([], Left(home));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill9_OfOrchestratorOrLauncher_LeavesNoFilesOfWhatTheyStarted(bool ofLauncher)
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo" };
        var file = home.Write("zoo.yaml", Zoo("listens"));
        using var program = home.Start("sweep", file, "--workers", "1");
        var output = program.StandardOutput.ReadToEndAsync();
        var errors = program.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!Processes.With("--orchestrator-process\0worker").Any(id => ProcessTable.Find(id) is { } worker && HasFiles(home, id) && Launcher(program) == worker.Parent))
        {
            Assert.False(program.HasExited);
            await Task.Delay(20, deadline.Token);
        }

        var launcher = Launcher(program);
        var first = Left(home);
        if (ofLauncher)
        {
            Process.GetProcessById(launcher).Kill();
            while (Left(home).Any(name => first.Contains(name) && !IsOf(name, program.Id)))
                await Task.Delay(20, deadline.Token);
        }

        program.Kill();
        await program.WaitForExitAsync();
        await Processes.NoneIsLeftAsync(home.Folder);
        await Task.WhenAll(output, errors);
        Assert.DoesNotContain(Left(home), name => !IsOf(name, program.Id)); // its own go with it unless it takes longer to end than all the others
    }

    [Fact]
    public void Remove_OfOneProcess_LeavesThoseOfOthers()
    {
        using var home = new ProgramHome();
        string[] names = ["clr-debug-pipe-12-345-in", "clr-debug-pipe-12-345-out", "dotnet-diagnostic-12-345-socket", "clr-debug-pipe-12-99-in",
            "dotnet-diagnostic-12-99-socket", "clr-debug-pipe-1-345-in", "clr-debug-pipe-123-345-in", "dotnet-diagnostic-112-345-socket"];
        foreach (var name in names)
            File.WriteAllText(Path.Combine(home.Scratch, name), "");

        RuntimeFiles.Remove(12, 345, home.Scratch);
        Assert.Equal(names.Skip(3).Order(StringComparer.Ordinal), Left(home).Order(StringComparer.Ordinal));
        RuntimeFiles.Remove(12, started: null, home.Scratch);
        Assert.Equal(names.Skip(5).Order(StringComparer.Ordinal), Left(home).Order(StringComparer.Ordinal));
        RuntimeFiles.Remove(12, started: null, Path.Combine(home.Scratch, "absent"));
    }

    private static string Zoo(string how) => $$"""
        trainable: bad
        isolation: process
        metric: {name: loss, goal: minimize}
        parameters: {how: {{how}}}
        """;

    private static int Launcher(Process program) =>
        Processes.With("--orchestrator-process\0launcher").FirstOrDefault(id => ProcessTable.Find(id)?.Parent == program.Id);

    private static bool HasFiles(ProgramHome home, int process) => Left(home).Count(name => IsOf(name, process)) == 3;

    private static bool IsOf(string name, int process) => name.Contains($"-{process}-", StringComparison.Ordinal);

    private static string[] Left(ProgramHome home) =>
        [.. Directory.EnumerateFileSystemEntries(home.Scratch).Select(path => Path.GetFileName(path)).Where(name => name.StartsWith("clr-", StringComparison.Ordinal) || name.StartsWith("dotnet-", StringComparison.Ordinal))];
}
