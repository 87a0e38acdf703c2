using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Cli.Executing;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Settings;
using Orchestrator.Cli.Telemetry;
using Orchestrator.Hosting;
using Orchestrator.Sweeps;
using Orchestrator.Web;
using Orchestrator.Web.Hosting;
using Orchestrator.Web.Jobs;

namespace Orchestrator.Cli.Serving;

/// <summary>A host that executes the sweeps of a home until a signal ends it.</summary>
internal static class ServeSession
{
    /// <summary>For the services that end after the sweeps, which have no limit but a third signal.</summary>
    private static readonly TimeSpan HostGrace = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(CliApp app, ParseResult parsed, int? workers, Action<WebOptions> configure)
    {
        var settings = AppSettings.Read(app.Console, parsed.GetValue(CommonOptions.Home), parsed.GetValue(CommonOptions.Gpus));
        using var telemetry = OtlpExport.Start(settings);
        await using var host = Create(app, settings, workers, configure);
        var scheduler = host.Services.GetRequiredService<SweepScheduler>();
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signals = new SignalStages(
            _ =>
            {
                host.Services.GetRequiredService<SweepJobServer>().Drain();
                stopping.TrySetResult();
            },
            _ =>
            {
                scheduler.Shutdown(StopLevel.Cancel);
                stopping.TrySetResult();
            },
            app.Console.Error.WriteLine,
            Environment.Exit).Listen();
        await StartAsync(host, app);
        await stopping.Task;
        await scheduler.WhenIdleAsync();
        await host.Host.StopAsync();
        return signals.ExitCode;
    }

    private static DashboardHost Create(CliApp app, Microsoft.Extensions.Configuration.IConfiguration settings, int? workers, Action<WebOptions> configure) =>
        ServeErrors.Explain(() => DashboardHost.Create(
            settings,
            services =>
            {
                services.AddSingleton<IHostLifetime, SweepLifetime>();
                services.Configure<HostOptions>(o => o.ShutdownTimeout = HostGrace);
                services.AddOrchestratorLogging(settings);
                services.PostConfigure<OrchestratorOptions>(o => o.Workers = workers ?? o.Workers);
                return AppServices.Register(services, app, settings);
            },
            HomeHostingMode.Required,
            configure));

    private static async Task StartAsync(DashboardHost host, CliApp app)
    {
        await ServeErrors.ExplainAsync(() => host.Host.StartAsync());
        foreach (var link in host.Links)
            app.Console.Out.WriteLine($"Dashboard: {link}");
        app.Console.Out.Flush();
        app.Console.Error.WriteLine($"Serving '{host.Services.GetRequiredService<OrchestratorHome>().Path}'. Ctrl-C stops it; what is unfinished goes on at the next start.");
    }
}
