using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Execution;
using Orchestrator.Tracking;

namespace Orchestrator;

/// <summary>What a program puts into its command line.</summary>
public sealed class OrchestratorAppBuilder
{
    private readonly OrchestratorBuilder _orchestrator;

    internal OrchestratorAppBuilder(OrchestratorBuilder orchestrator, IConfiguration configuration) =>
        (_orchestrator, Configuration) = (orchestrator, configuration);

    /// <summary>What sweep files may name as <c>trainable</c>.</summary>
    public TrainableRegistry Trainables => _orchestrator.Trainables;

    /// <summary>Services that trainables take; hosted services among them run while a sweep is executed.</summary>
    public IServiceCollection Services => _orchestrator.Services;

    /// <summary>The settings: appsettings.json of the program and of the current folder, the environment, the command line.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>Registers a tracker, which sweep files may name by its <see cref="ITrackerFactory.Info"/>.</summary>
    public OrchestratorAppBuilder AddTracker<T>()
        where T : class, ITrackerFactory
    {
        _orchestrator.AddTracker<T>();
        return this;
    }
}
