using Hangfire.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Sweeps;

namespace Orchestrator.Web.Dashboard;

/// <summary>What the pages read, from the services of the request's host. Reading makes nothing: no folder, no database.</summary>
internal sealed class DashboardData
{
    private readonly StoreProvider _stores;
    private readonly SweepRecovery _recovery;

    private DashboardData(IServiceProvider services, StoreProvider stores)
    {
        (Services, _stores) = (services, stores);
        _recovery = services.GetRequiredService<SweepRecovery>();
        Now = services.GetRequiredService<TimeProvider>().GetUtcNow();
    }

    public IServiceProvider Services { get; }

    public DateTimeOffset Now { get; }

    public OrchestratorHome Home => Services.GetRequiredService<OrchestratorHome>();

    /// <summary>Whether anything was ever stored.</summary>
    public bool Any => _stores.Exists;

    /// <summary>The data of the request's host; <see langword="null"/> where the orchestrator was not added to it.</summary>
    public static DashboardData? Of(DashboardContext context)
    {
        var services = context.GetHttpContext().RequestServices;
        return services.GetService<StoreProvider>() is { } stores ? new DashboardData(services, stores) : null;
    }

    public Task<ISweepStore> StoreAsync() => _stores.GetAsync();

    /// <summary>A sweep with the state it truly has; <see langword="null"/> if there is none of that id.</summary>
    public async Task<SweepRecord?> FindAsync(string id, bool withBest = true, CancellationToken cancellationToken = default)
    {
        if (!Any)
            return null;
        var store = await StoreAsync().ConfigureAwait(false);
        return await store.FindSweepAsync(id, withBest, cancellationToken).ConfigureAwait(false) is var (_, sweep)
            ? await _recovery.ReconcileAsync(sweep, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>The sweeps that are being executed. Those whose process is gone are recorded as interrupted, so that counts are true afterwards.</summary>
    public async Task<int> CountActiveAsync(CancellationToken cancellationToken)
    {
        var store = await StoreAsync().ConfigureAwait(false);
        var stored = await store.SweepPageAsync(
            new SweepQuery { Kind = ExperimentKind.Sweep, States = [SweepState.Running, SweepState.Paused] }, 0, cancellationToken).ConfigureAwait(false);
        var active = 0;
        foreach (var sweep in stored)
        {
            if ((await _recovery.ReconcileAsync(sweep, cancellationToken).ConfigureAwait(false)).State is SweepState.Running or SweepState.Paused)
                active++;
        }

        return active;
    }
}
