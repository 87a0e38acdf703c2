using System.Diagnostics;
using System.Globalization;
using Orchestrator.EndToEnd.Support;
using Orchestrator.Execution.Processes;

namespace Orchestrator.EndToEnd;

/// <summary>kill -9 of an orchestrator and its launcher at the same moment: neither can clean up after the other.</summary>
public sealed class DoubleKillTests
{
    [Fact]
    public async Task Kill9_OfOrchestratorAndLauncherAtOnce_EndsTheCommandAndWhatForkedAway()
    {
        using var home = new ProgramHome();
        var sleep = string.Create(CultureInfo.InvariantCulture, $"sleep 9{Environment.ProcessId}.5");
        var file = home.Write("sweep.yaml", $$"""
            command: [sh, -c, "setsid {{sleep}} & {{sleep}}"]
            metric: {name: loss, goal: minimize}
            parameters: {x: 1}
            """);
        using var program = home.Start("sweep", file, "--workers", "1", "--no-progress");
        var (output, error) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await Patience.UntilAsync(() => Processes.With(sleep.Replace(' ', '\0')).Length >= 2, "the command and what it forked");

        var launcher = Assert.Single(Processes.With("--orchestrator-process\0launcher"), id => ProcessTable.Find(id)?.Parent == program.Id);
        Assert.Equal(0, Libc.Kill(launcher, 19)); // SIGSTOP: it does not hear of the orchestrator's end
        program.Kill();
        await program.WaitForExitAsync();
        Process.GetProcessById(launcher).Kill();

        await Processes.NoneIsLeftAsync(home.Folder);
        await Task.WhenAll(output, error);
    }
}
