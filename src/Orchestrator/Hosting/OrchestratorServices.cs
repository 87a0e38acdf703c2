using System.Numerics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orchestrator.Configuration;
using Orchestrator.Diagnostics;
using Orchestrator.Execution;
using Orchestrator.Execution.Devices;
using Orchestrator.Execution.Processes;
using Orchestrator.Execution.Workers;
using Orchestrator.Experiments;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Sweeps;
using Orchestrator.Sweeps.Steering;
using Orchestrator.Tracking;

namespace Orchestrator;

/// <summary>Puts the orchestrator into a host.</summary>
public static class OrchestratorServices
{
    /// <summary>
    /// Adds the orchestrator. Call <see cref="OrchestratorBuilder.AddTrainable{T}(string)"/> on what comes back, then run sweeps with
    /// <see cref="Sweep.RunAsync(string, IServiceProvider, SweepOptions?, CancellationToken)"/>. May be called more than once.
    /// </summary>
    /// <param name="services">The host's services; a run's trainable may take any of them.</param>
    /// <param name="configuration">The host's configuration; section <c>Orchestrator</c> is read. <see langword="null"/>: defaults.</param>
    /// <param name="configure">Changes the options after the configuration.</param>
    public static OrchestratorBuilder AddOrchestrator(
        this IServiceCollection services, IConfiguration? configuration = null, Action<OrchestratorOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return AddOrchestratorReading(services, configuration is null ? null : () => configuration, configure);
    }

    /// <summary>The same with a configuration that is read once somebody wants the options: in a worker's process nobody does.</summary>
    internal static OrchestratorBuilder AddOrchestratorReading(
        this IServiceCollection services, Func<IConfiguration>? read, Action<OrchestratorOptions>? configure = null)
    {
        if (services is not ServicesOnDemand later)
            return Register(services, read, configure);
        later.Note(all => Register(all, read, configure, later.Trainables));
        return new OrchestratorBuilder(services, later.Trainables);
    }

    private static OrchestratorBuilder Register(
        IServiceCollection services, Func<IConfiguration>? read, Action<OrchestratorOptions>? configure, TrainableRegistry? trainables = null)
    {
        var options = services.AddOptions<OrchestratorOptions>();
        if (read is not null)
        {
            options.Configure(o =>
            {
                var section = read().GetSection(OrchestratorOptions.Section);
                section.Bind(o);
                PoolLists.Join(o, section);
            });
        }

        if (configure is not null)
            options.Configure(configure);
        if (services.FirstOrDefault(s => s.ServiceType == typeof(TrainableRegistry))?.ImplementationInstance is TrainableRegistry known)
            return new OrchestratorBuilder(services, known);

        AdapterAssemblies.LoadPresent();
        trainables ??= new TrainableRegistry();
        services.AddLogging(logging => logging.AddOrchestratorRunLog());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(trainables);
        services.AddSingleton<ISweepCatalog, SweepCatalog>();
        services.AddSingleton<OrchestratorHome>();
        services.AddSingleton<StoreProvider>();
        services.TryAddSingleton(_ => new GpuInventory(new NvidiaSmi(), Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")));
        services.AddSingleton<RunPools>();
        services.AddSingleton(p => ProcessWays.Create(p.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<ProcessWorkers>();
        services.AddSingleton<MemoryWatch>();
        services.AddSingleton(p => new SystemKills(p.GetRequiredService<TimeProvider>(), SystemKillCount.Find()));
        services.AddSingleton<RunPlaces>();
        services.AddSingleton<FairRunQueue>();
        services.AddSingleton<AttemptLife>();
        services.AddSingleton<RunExecutor>();
        services.AddSingleton<WorkerPool>();
        services.AddSingleton<LostRuns>();
        services.AddSingleton<HeldRuns>();
        services.AddSingleton<SweepRunner>();
        services.AddSingleton<SweepRecovery>();
        services.AddSingleton<SweepNames>();
        services.AddSingleton<SteeringClient>();
        services.AddSingleton<SweepScheduler>();
        services.AddSingleton<ISweepClient>(p => p.GetRequiredService<SweepScheduler>());
        services.AddHostedService(p => p.GetRequiredService<SweepScheduler>());
        services.AddSingleton<SweepRemoval>();
        services.AddScoped<RunContextSlot>();
        services.AddScoped(scope => scope.GetRequiredService<RunContextSlot>().Run
            ?? throw new InvalidOperationException($"{nameof(RunContext)} can be had in a run's own scope only."));
        services.AddTracking();
        services.AddDoctorChecks();
        return new OrchestratorBuilder(services, trainables);
    }
}

/// <summary>Adds what an orchestrator can run.</summary>
public sealed class OrchestratorBuilder
{
    internal OrchestratorBuilder(IServiceCollection services, TrainableRegistry trainables) => (Services, Trainables) = (services, trainables);

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>What is registered.</summary>
    public TrainableRegistry Trainables { get; }

    /// <summary>Registers a class under a name.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public OrchestratorBuilder AddTrainable<T>(string name)
        where T : class, ITrainable
    {
        Trainables.Add<T>(name);
        return this;
    }

    /// <summary>Registers a delegate under a name.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public OrchestratorBuilder AddTrainable(string name, Func<RunContext, CancellationToken, Task> body)
    {
        Trainables.Add(name, body);
        return this;
    }

    /// <summary>Registers a delegate that returns the value of the sweep's metric.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public OrchestratorBuilder AddTrainable<T>(string name, Func<RunContext, CancellationToken, Task<T>> body)
        where T : INumber<T>
    {
        Trainables.Add(name, body);
        return this;
    }

    /// <summary>Registers something that <c>doctor</c> looks at.</summary>
    public OrchestratorBuilder AddDoctorCheck<T>()
        where T : class, IDoctorCheck
    {
        Services.AddSingleton<IDoctorCheck, T>();
        return this;
    }

    /// <summary>Registers a tracker by its factory; its name is in its <see cref="ITrackerFactory.Info"/>.</summary>
    public OrchestratorBuilder AddTracker<T>()
        where T : class, ITrackerFactory
    {
        Services.AddSingleton<ITrackerFactory, T>();
        return this;
    }

    /// <summary>
    /// Registers a tracker that is made anew for each attempt, by the name that sweep files give it. Of two trackers of one name the last
    /// one registered is taken.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="create">Makes it; must not block.</param>
    /// <param name="options">The options that a sweep file may give it; others are errors.</param>
    public OrchestratorBuilder AddTracker(
        string name, Func<TrackerContext, ITracker> create, IReadOnlyDictionary<string, TrackerOption>? options = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        Services.AddSingleton<ITrackerFactory>(new DelegateTrackerFactory(TrackerInfo.Create(name, options), create));
        return this;
    }

    /// <summary>
    /// The same for a class that is made from the host's services, and from <see cref="TrackerContext"/> if it takes one. Each has a scope
    /// of its own.
    /// </summary>
    public OrchestratorBuilder AddTracker<T>(string name, IReadOnlyDictionary<string, TrackerOption>? options = null)
        where T : class, ITracker
    {
        Services.AddSingleton<ITrackerFactory>(DelegateTrackerFactory.Of<T>(TrackerInfo.Create(name, options)));
        return this;
    }
}

/// <summary>What a sweep file may name here.</summary>
internal sealed class SweepCatalog(TrainableRegistry trainables, IEnumerable<ITrackerFactory> trackers) : ISweepCatalog
{
    public IReadOnlyCollection<TrainableInfo> Trainables => trainables.Infos;

    // Of one name the last registered counts, here as where they are made.
    public IReadOnlyCollection<TrackerInfo> Trackers { get; } = [.. trackers.Select(t => t.Info).Reverse().DistinctBy(t => t.Name).Reverse()];
}
