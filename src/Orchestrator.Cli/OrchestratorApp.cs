using System.Runtime.CompilerServices;
using Orchestrator.Cli;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Settings;
using Orchestrator.Diagnostics;

namespace Orchestrator;

/// <summary>A whole command line program for sweeps: every verb, with trainables of one's own.</summary>
public static class OrchestratorApp
{
    /// <summary>Runs the verb that the arguments name.</summary>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="configure">
    /// Registers trainables and services. Called only by verbs that need them (those that execute a sweep, <c>validate</c>,
    /// <c>plan</c>, <c>set</c>), at most once.
    /// </param>
    /// <returns>
    /// The exit code: 0 all done, 1 internal error, 2 usage, 3 invalid sweep file, 4 done but some runs failed, 5 no run succeeded or
    /// the circuit breaker opened, 6 the sweep is executed elsewhere, 130 and 143 ended by SIGINT (or a
    /// request from elsewhere) and SIGTERM.
    /// </returns>
    public static Task<int> RunAsync(string[] args, Action<OrchestratorAppBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        return OpenFiles.AreEnough() ? Run(args, configure) : Task.FromResult(ExitCodes.Internal);
    }

    // Apart, so that nothing of it need be loaded before.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> Run(string[] args, Action<OrchestratorAppBuilder>? configure)
    {
        if (WorkerProcess.RunIfAsked(args, services => AppServices.RegisterInWorker(services, configure)))
            return Task.FromResult(ExitCodes.Done);
        ProgramName.Use();
        return new CliApp(CliConsole.OfProcess(), configure).RunAsync(args);
    }
}
