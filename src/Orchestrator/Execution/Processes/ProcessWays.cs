using Microsoft.Extensions.Logging;
using Orchestrator.Execution.Processes.Portable;

namespace Orchestrator.Execution.Processes;

/// <summary>Which of the two ways of starting the processes of runs is used here.</summary>
internal static class ProcessWays
{
    /// <summary>The variable that asks for one: <c>portable</c>, where the other could be used, too.</summary>
    public const string Variable = "ORCHESTRATOR_PROCESSES";

    private const string Portable = "portable";

    /// <summary>Whether processes are started by a launcher, with what Linux alone has.</summary>
    public static bool UsesLauncher { get; } = Libc.IsHere && Environment.GetEnvironmentVariable(Variable) != Portable;

    /// <summary>For people: which one, and why.</summary>
    public static string Description => UsesLauncher
        ? "by a launcher"
        : $"the portable way ({(Libc.IsHere ? $"{Variable}={Portable}" : "this is no 64-bit Linux")}); docs/isolation.md says what that cannot do";

    public static IProcessHost Create(ILoggerFactory loggers) =>
        UsesLauncher ? new ProcessLauncher(loggers.CreateLogger<ProcessLauncher>()) : new PortableProcesses();

    /// <summary>Ends this process at once: nothing of its own is asked any more.</summary>
    public static void ExitNow(int code)
    {
        if (Libc.IsHere)
            Libc.ExitNow(code);
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        self.Kill();
    }
}
