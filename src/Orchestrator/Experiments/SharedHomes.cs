using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting;
using Orchestrator.Text;

namespace Orchestrator.Experiments;

/// <summary>
/// The homes that experiments without a host have open: one store for each, whatever the number of experiments, opened by the first and
/// closed by the last one. What is never disposed is closed when the process ends; nothing of it keeps a process alive.
/// </summary>
internal static class SharedHomes
{
    private static readonly TimeSpan AtExit = TimeSpan.FromSeconds(2);
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Entry> Open = new(StringComparer.Ordinal);
    private static bool s_watchesExit;

    /// <summary>The services of a home, until the lease is disposed.</summary>
    /// <param name="home">The folder; <see langword="null"/>: what the environment and appsettings.json say.</param>
    public static HomeLease Lease(string? home)
    {
        var settings = ProgramSettings.Read(home);
        var path = Path.GetFullPath(UserPath.Expand(settings[$"{OrchestratorOptions.Section}:{nameof(OrchestratorOptions.Home)}"] ?? new OrchestratorOptions().Home));
        lock (Gate)
        {
            if (!Open.TryGetValue(path, out var entry))
                Open[path] = entry = new Entry(Build(settings, path));
            entry.Users++;
            if (!s_watchesExit)
            {
                s_watchesExit = true;
                AppDomain.CurrentDomain.ProcessExit += (_, _) => CloseAll();
            }

            return new HomeLease(path, entry.Services);
        }
    }

    internal static async ValueTask ReleaseAsync(string path)
    {
        ServiceProvider? closing = null;
        lock (Gate)
        {
            if (Open.TryGetValue(path, out var entry) && --entry.Users == 0)
            {
                Open.Remove(path);
                closing = entry.Services;
            }
        }

        if (closing is not null)
            await closing.DisposeAsync().ConfigureAwait(false);
    }

    private static ServiceProvider Build(ConfigurationManager settings, string path)
    {
        using (ExecutionContext.SuppressFlow()) // it outlives whoever opens it
        {
            var services = new ServiceCollection();
            services.AddOrchestratorLogging(settings);
            services.AddOrchestrator(settings, o => o.Home = path);
            return services.BuildServiceProvider();
        }
    }

    private static void CloseAll()
    {
        Entry[] left;
        lock (Gate)
        {
            left = [.. Open.Values];
            Open.Clear();
        }

        // A run that nobody stopped stays as it is: whoever looks next finds that its process is gone.
        Task.WhenAll(left.Select(e => Task.Run(() => e.Services.DisposeAsync().AsTask()))).Wait(AtExit);
    }

    private sealed class Entry(ServiceProvider services)
    {
        public ServiceProvider Services { get; } = services;

        public int Users { get; set; }
    }
}

/// <summary>An experiment's part in an open home.</summary>
internal sealed class HomeLease(string path, IServiceProvider services) : IAsyncDisposable
{
    private int _released;

    public IServiceProvider Services { get; } = services;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _released, 1) == 0 ? SharedHomes.ReleaseAsync(path) : default;
}
