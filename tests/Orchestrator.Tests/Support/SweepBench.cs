using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Execution;
using Orchestrator.Storage;
using Orchestrator.Storage.Sqlite;
using Orchestrator.Sweeps;

namespace Orchestrator.Tests.Support;

/// <summary>A home of its own with everything that runs sweeps; deleted at the end.</summary>
internal sealed class SweepBench : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    public SweepBench(TimeProvider? time = null, Action<OrchestratorBuilder>? configure = null, string? home = null)
    {
        OwnsHome = home is null;
        Home = home ?? Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
        var services = new ServiceCollection();
        if (time is not null)
            services.AddSingleton(time);
        var builder = services.AddOrchestrator(configure: o => o.Home = Home);
        configure?.Invoke(builder);
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }

    public string Home { get; }

    public bool OwnsHome { get; }

    public IServiceProvider Services => _provider;

    public Task<ISweepStore> Store => _provider.GetRequiredService<StoreProvider>().GetAsync();

    /// <summary>A random sweep over <c>x</c> in [0, 1) that minimizes <c>loss</c>.</summary>
    public static SweepDefinition Definition(long? maxRuns = null, Action<SweepDefinition>? change = null)
    {
        var definition = new SweepDefinition
        {
            Name = "test",
            Method = "random",
            Metric = Metric.Minimize("loss"),
            Parameters = { ["x"] = Parameter.Float(0.0, 1.0) },
            Limits = { MaxRuns = maxRuns },
        };
        change?.Invoke(definition);
        return definition;
    }

    public Task<SweepResult> RunAsync(
        SweepDefinition definition,
        Func<RunContext, CancellationToken, Task> body,
        int workers = 2,
        SweepControl? control = null,
        ISweepObserver? observer = null,
        CancellationToken cancellationToken = default) =>
        _provider.GetRequiredService<SweepScheduler>().RunAsync(
            new SweepRequest
            {
                Definition = definition,
                Delegate = TrainableRunner.OfDelegate("test", body),
                Workers = workers,
                Control = control ?? new SweepControl(),
                Observer = observer,
            },
            cancellationToken);

    public async Task<SweepRecord> FindAsync(string id) => (await (await Store).FindSweepAsync(id))!.Value.Sweep;

    public async Task<long> KeyAsync(string id) => (await (await Store).FindSweepAsync(id))!.Value.Key;

    public Task<SweepResult> ResumeAsync(string id, Func<RunContext, CancellationToken, Task> body, int workers = 2, SweepControl? control = null) =>
        _provider.GetRequiredService<SweepScheduler>().RunAsync(
            new SweepRequest { Resume = id, Delegate = TrainableRunner.OfDelegate("test", body), Workers = workers, Control = control ?? new SweepControl() },
            CancellationToken.None);

    /// <summary>What a kill -9 at this moment leaves on the disk.</summary>
    public string CopyOfHome()
    {
        var copy = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
        var database = Path.Combine(Home, "orchestrator.db");
        // The locks of the living are not for the dead. The database comes last: a file that goes meanwhile was given up in it before that.
        foreach (var file in Directory.EnumerateFiles(Home, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            if (!file.StartsWith(database, StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal))
                Copy(file);
        }

        // Nobody writes meanwhile: a database and a log of two moments are no database.
        using var held = new SqliteConnection($"Data Source={database};Pooling=False");
        held.Open();
        using var backoff = new SqliteBackoff(TimeProvider.System, jitterSeed: 1);
        backoff.WhileBusy(() => held.Execute("BEGIN IMMEDIATE"));
        Copy(database);
        Copy(database + "-wal");
        held.Execute("ROLLBACK");
        return copy;

        void Copy(string file)
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Home, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try
            {
                File.Copy(file, target);
            }
            catch (FileNotFoundException)
            {
                // gone since it was found
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        if (OwnsHome)
            Directory.Delete(Home, recursive: true);
    }
}

/// <summary>What the tests do with runs.</summary>
internal static class TestRuns
{
    public static async Task<List<RunRecord>> AllAsync(this SweepResult result)
    {
        var all = new List<RunRecord>();
        await foreach (var run in result.ReadRunsAsync())
            all.Add(run);
        return all;
    }

    /// <summary>Reports x as the loss.</summary>
    public static Task Report(RunContext run, CancellationToken cancellationToken)
    {
        run.Report(0, ("loss", run.Parameters.Get<double>("x")));
        return Task.CompletedTask;
    }
}
