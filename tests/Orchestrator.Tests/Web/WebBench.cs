using Hangfire;
using Hangfire.InMemory;
using Hangfire.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting;
using Orchestrator.Web;
using Orchestrator.Web.Hosting;
using Orchestrator.Web.Jobs;

namespace Orchestrator.Tests.Web;

/// <summary>A host with dashboard in this process, with a home and a job storage of its own, on a free port.</summary>
internal sealed class WebBench : IAsyncDisposable
{
    /// <summary>How long it takes proves nothing: only what never comes misses it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly bool _ownsHome;

    private WebBench(DashboardHost host, string home, bool ownsHome, JobStorage storage) => (Host, Home, _ownsHome, Storage) = (host, home, ownsHome, storage);

    public DashboardHost Host { get; }

    public string Home { get; }

    public JobStorage Storage { get; }

    public ISweepClient Client => Host.Services.GetRequiredService<ISweepClient>();

    public SweepJobs Jobs => Host.Services.GetRequiredService<SweepJobs>();

    /// <param name="body">What a run does.</param>
    /// <param name="sweeps">How many sweeps are executed at once.</param>
    /// <param name="before">An earlier life: its home and job storage are gone on with.</param>
    /// <param name="register">Adds services in the place of the host's own.</param>
    /// <param name="storage">The job storage; without it that of the earlier life, or one of its own.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<WebBench> StartAsync(
        Func<RunContext, CancellationToken, Task> body, int sweeps = 5, WebBench? before = null, Action<IServiceCollection>? register = null, JobStorage? storage = null, params (string Key, string Value)[] settings)
    {
        var home = before?.Home ?? Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
        storage ??= before?.Storage ?? new InMemoryStorage();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Orchestrator:Home", home), new("Orchestrator:Workers", "2"), new("Orchestrator:Web:Urls", "http://127.0.0.1:0"),
            new("Orchestrator:Web:ConcurrentSweeps", sweeps.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ]).AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value))).Build();
        var host = DashboardHost.Create(
            configuration,
            services =>
            {
                services.AddSingleton(storage);
                services.AddOrchestratorLogging(configuration);
                register?.Invoke(services);
                return services.AddOrchestrator(configuration).AddTrainable("body", body);
            },
            HomeHostingMode.IfFree);
        var bench = new WebBench(host, home, before is null, storage);
        try
        {
            await host.Host.StartAsync();
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    public static SweepDefinition Definition(long runs = 3, Action<SweepDefinition>? change = null)
    {
        var definition = new SweepDefinition
        {
            Name = "test",
            Trainable = "body",
            Method = "random",
            Metric = Metric.Minimize("loss"),
            Parameters = { ["x"] = Parameter.Float(0.0, 1.0) },
            Limits = { MaxRuns = runs },
        };
        change?.Invoke(definition);
        return definition;
    }

    /// <summary>Waits for the state of a sweep's job.</summary>
    public async Task<StateData> UntilAsync(string sweep, string state)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        while (true)
        {
            var found = Jobs.Find(sweep);
            Assert.False(deadline.IsCancellationRequested, $"The job never was {state}; it is {found?.State ?? "not there"}.");
            if (found is var (id, now) && now == state)
            {
                using var connection = Storage.GetConnection();
                return connection.GetStateData(id);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.Host.StopAsync();
        await Host.DisposeAsync();
        if (_ownsHome)
            Directory.Delete(Home, recursive: true);
    }
}
