using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Sweeps;
using Orchestrator.Web.Hosting;
using Orchestrator.Web.Schedules;

namespace Orchestrator.Web.Jobs;

/// <summary>
/// The Hangfire server of a host: so many workers as sweeps are executed at once, and one for the schedules. Before it starts, the jobs that
/// a dead life of the host left as processing are queued again; before it stops, the sweeps are told.
/// </summary>
internal sealed partial class SweepJobServer(
    JobStorage storage,
    SweepScheduler scheduler,
    SweepCanceler canceler,
    StaleJobs stale,
    RecurringSweeps recurring,
    IJobFilterProvider filters,
    IServiceScopeFactory scopes,
    HomeHosting hosting,
    IOptions<WebOptions> options,
    ILogger<SweepJobServer> logger) : IHostedLifecycleService, IDisposable
{
    private BackgroundJobServer? _server;

    /// <summary>Before the scheduler takes up what was left: what was deleted meanwhile must not be.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        SweepJobHosts.Add(storage, canceler);
        if (hosting.Mode == HomeHostingMode.None)
            return Task.CompletedTask;
        foreach (var broken in recurring.Synchronize())
            LogBroken(logger, broken);
        return stale.CancelDeletedAsync(cancellationToken);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await stale.RequeueAsync(cancellationToken);
        var options = Options();
        var schedules = new Worker([ScheduledSweepJob.Queue], new BackgroundJobPerformer(filters, options.Activator), new BackgroundJobStateChanger(filters));
        _server = new BackgroundJobServer(options, storage, [schedules]);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        scheduler.Shutdown(StopLevel.Cancel);
        if (_server is not { } server)
            return;
        server.SendStop();
        await server.WaitForShutdownAsync(cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets running runs end and starts nothing more; the dashboard stays.</summary>
    public void Drain()
    {
        scheduler.Shutdown(StopLevel.Drain);
        _server?.SendStop();
    }

    public void Dispose()
    {
        SweepJobHosts.Remove(storage);
        _server?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A schedule is left out: {Problem}")]
    private static partial void LogBroken(ILogger logger, string problem);

    private BackgroundJobServerOptions Options()
    {
        var isMemory = options.Value.ConnectionString is null;
        return new BackgroundJobServerOptions
        {
            ServerName = "orchestrator-" + Environment.MachineName.ToLowerInvariant(),
            Queues = [SweepJobs.Queue],
            WorkerCount = options.Value.ConcurrentSweeps,
            FilterProvider = filters,
            Activator = new AspNetCoreJobActivator(scopes),
            CancellationCheckInterval = TimeSpan.FromSeconds(1),
            SchedulePollingInterval = TimeSpan.FromSeconds(isMemory ? 1 : 5),
            HeartbeatInterval = TimeSpan.FromSeconds(10),
            ServerCheckInterval = TimeSpan.FromSeconds(30),
            ServerTimeout = TimeSpan.FromMinutes(1),
            ShutdownTimeout = Timeout.InfiniteTimeSpan, // a sweep ends its runs with grace; the host's own limit counts
        };
    }
}
