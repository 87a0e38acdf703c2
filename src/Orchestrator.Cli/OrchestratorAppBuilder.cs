using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Execution;
using Orchestrator.Tracking;

namespace Orchestrator;

/// <summary>What a program puts into its command line.</summary>
public sealed class OrchestratorAppBuilder
{
    private readonly OrchestratorBuilder _orchestrator;

    private readonly Func<IConfiguration> _configuration;

    internal OrchestratorAppBuilder(OrchestratorBuilder orchestrator, Func<IConfiguration> configuration) =>
        (_orchestrator, _configuration) = (orchestrator, configuration);

    /// <summary>What sweep files may name as <c>trainable</c>.</summary>
    public TrainableRegistry Trainables => _orchestrator.Trainables;

    /// <summary>Services that trainables take; hosted services among them run while a sweep is executed.</summary>
    public IServiceCollection Services => _orchestrator.Services;

    /// <summary>The settings: appsettings.json of the program and of the current folder, the environment, the command line.</summary>
    public IConfiguration Configuration => _configuration();

    /// <inheritdoc cref="OrchestratorBuilder.AddTracker{T}()"/>
    public OrchestratorAppBuilder AddTracker<T>()
        where T : class, ITrackerFactory
    {
        _orchestrator.AddTracker<T>();
        return this;
    }

    /// <inheritdoc cref="OrchestratorBuilder.AddTracker(string, Func{TrackerContext, ITracker}, IReadOnlyDictionary{string, TrackerOption})"/>
    public OrchestratorAppBuilder AddTracker(
        string name, Func<TrackerContext, ITracker> create, IReadOnlyDictionary<string, TrackerOption>? options = null)
    {
        _orchestrator.AddTracker(name, create, options);
        return this;
    }

    /// <inheritdoc cref="OrchestratorBuilder.AddTracker{T}(string, IReadOnlyDictionary{string, TrackerOption})"/>
    public OrchestratorAppBuilder AddTracker<T>(string name, IReadOnlyDictionary<string, TrackerOption>? options = null)
        where T : class, ITracker
    {
        _orchestrator.AddTracker<T>(name, options);
        return this;
    }
}
