using Microsoft.Extensions.Logging;
using Orchestrator.Configuration;
using Orchestrator.Execution.Commands;
using Orchestrator.Execution.Processes;
using Orchestrator.Execution.Workers;
using Orchestrator.Hosting;

namespace Orchestrator.Execution;

/// <summary>Finds the place that a sweep's runs are executed in.</summary>
internal sealed class RunPlaces(
    IProcessHost host, ProcessWorkers workers, MemoryWatch memory, SystemKills kills, OrchestratorHome home, TrainableRegistry trainables, ILogger<ProcessPlace> logger)
{
    /// <exception cref="InvalidDefinitionException">There is no such place in this program.</exception>
    public IRunPlace Of(SweepDefinition definition, SweepOrigin origin)
    {
        if (definition.Command.Count > 0)
            return Command(definition, origin);
        var requirement = definition.Trainable is { } trainable ? trainables.RequirementOf(trainable, origin.File) : null;
        if (requirement?.FindObstacle() is { } obstacle)
            throw new InvalidDefinitionException([new DefinitionProblem(SweepErrorCodes.MissingRequirement, "/trainable", obstacle)]);
        var isolation = definition.Isolation.Type ?? DefaultOf(definition, origin.File);
        if (isolation != RunIsolation.Process)
            return ThreadPlace.Instance;
        if (!SelfProgram.CanStart)
            throw Missing("This program cannot execute runs in processes ('isolation: process'): the first line of its Main must be "
                + $"'if ({nameof(WorkerProcess)}.{nameof(WorkerProcess.RunIfAsked)}(args, ...)) return;'. Add it, or use 'isolation: thread'.");
        host.Prepare();
        return new ProcessPlace(workers, memory, kills, definition.Trainable!, requirement, origin.File, home.Path, logger);
    }

    /// <summary>A default is a wish: where there can be no processes, threads have to do.</summary>
    private RunIsolation DefaultOf(SweepDefinition definition, string? sweepFile) =>
        SelfProgram.CanStart && definition.Trainable is { } trainable ? trainables.IsolationOf(trainable, sweepFile) : RunIsolation.Thread;

    private CommandPlace Command(SweepDefinition definition, SweepOrigin origin)
    {
        if (ProcessWays.UsesLauncher && !SelfProgram.CanStart)
            throw Missing("This program cannot execute commands: the first line of its Main must be "
                + $"'if ({nameof(WorkerProcess)}.{nameof(WorkerProcess.RunIfAsked)}(args, ...)) return;'. Add it.", "/command");
        host.Prepare();
        return new CommandPlace(
            host, memory, kills, CommandTemplate.Parse(definition.Command), origin, definition.Reports.Pattern is { } pattern ? ReportPattern.Parse(pattern) : null);
    }

    private static InvalidDefinitionException Missing(string message, string path = "/isolation") =>
        new([new DefinitionProblem(SweepErrorCodes.NoProcess, path, message)]);
}
