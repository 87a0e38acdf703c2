using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Execution.Processes;
using Orchestrator.Execution.Processes.Portable;
using Orchestrator.Execution.Workers;

namespace Orchestrator;

/// <summary>
/// Lets a program of one's own execute runs in processes (<c>isolation: process</c>): it is started once more for each worker, and must
/// then do nothing but that worker's work. <c>OrchestratorApp.RunAsync</c> sees to it by itself.
/// </summary>
public static class WorkerProcess
{
    /// <summary>
    /// The first line of Main. In a process that the orchestrator started it does that process's work and returns <see langword="true"/> at
    /// its end: Main must then return at once. In every other start of the program it returns <see langword="false"/> at once, having noted
    /// that processes can be used.
    /// </summary>
    /// <example><code>if (WorkerProcess.RunIfAsked(args, services => services.AddOrchestrator().AddTrainable&lt;MyModel&gt;("my-model"))) return;</code></example>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="configure">
    /// Registers the same trainables, and the services that they take, as the program itself does. Hosted services are not started in a
    /// worker's process.
    /// </param>
    public static bool RunIfAsked(IReadOnlyList<string> args, Action<IServiceCollection> configure)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configure);
        switch (SelfProgram.AskedFor(args))
        {
            case SelfProgram.Launcher:
                LauncherProgram.Run(SelfProgram.Channel);
                return true;
            case SelfProgram.Worker:
                WorkerProgram.Run(configure);
                return true;
            case SelfProgram.Shell:
                CommandShell.Run([.. args.Skip(2)]);
                return true;
            case SelfProgram.Guard:
                GroupGuard.Serve();
                return true;
            default:
                SelfProgram.DeclareAnswering();
                return false;
        }
    }
}
