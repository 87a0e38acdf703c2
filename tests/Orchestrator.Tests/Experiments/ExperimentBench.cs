using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Storage;

namespace Orchestrator.Tests.Experiments;

public sealed record BenchConfiguration(double LearningRate = 0.1, int Hidden = 64)
{
    public BenchOptimizer Optimizer { get; init; } = new("adam", [0.9, 0.99]);
}

public sealed record BenchOptimizer(string Name, double[] Betas);

/// <summary>A home of its own, a host that collects warnings, and experiments in it; names are distinct, since a process's are.</summary>
internal sealed class ExperimentBench : IAsyncDisposable
{
    private static int s_names;
    private readonly ServiceProvider _provider;
    private readonly List<IAsyncDisposable> _experiments = [];

    public ExperimentBench(string? home = null, Action<OrchestratorBuilder>? configure = null)
    {
        OwnsHome = home is null;
        Home = home ?? Directory.CreateTempSubdirectory("orchestrator-experiment-").FullName;
        var services = new ServiceCollection();
        services.AddLogging(l => l.AddProvider(new Collector(Warnings)));
        var orchestrator = services.AddOrchestrator(configure: o => o.Home = Home);
        configure?.Invoke(orchestrator);
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }

    public string Home { get; }

    public bool OwnsHome { get; }

    public ConcurrentQueue<string> Warnings { get; } = [];

    public IServiceProvider Services => _provider;

    public Task<ISweepStore> Store => _provider.GetRequiredService<StoreProvider>().GetAsync();

    public static string NewName() => "bench-" + Interlocked.Increment(ref s_names);

    public Experiment<BenchConfiguration> New(BenchConfiguration? configuration = null, ExperimentOptions? options = null)
    {
        options ??= new ExperimentOptions();
        options.Name ??= NewName();
        var experiment = new Experiment<BenchConfiguration>(configuration ?? new(), Services, options);
        experiment.Trackers.Clear();
        _experiments.Add(experiment);
        return experiment;
    }

    public async Task<List<string>> EventsAsync(RunRecord run)
    {
        var store = await Store;
        await store.FlushAsync();
        return await store.EventsAsync(run.Sweep).Where(e => e.RunNumber == run.Number).Select(e => e.Kind).ToListAsync();
    }

    public async Task<List<MetricPoint>> SeriesAsync(RunRecord run) => await (await Store).SeriesAsync(run.Sweep, run.Number).ToListAsync();

    public async Task<RunDetails> DetailsAsync(RunRecord run) => (await (await Store).DetailsAsync(run.Sweep, run.Number))!;

    public async ValueTask DisposeAsync()
    {
        foreach (var experiment in _experiments)
            await experiment.DisposeAsync();
        await _provider.DisposeAsync();
        if (OwnsHome)
            Directory.Delete(Home, recursive: true);
    }

    private sealed class Collector(ConcurrentQueue<string> warnings) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                warnings.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
