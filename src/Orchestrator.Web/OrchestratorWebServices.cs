using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orchestrator.Configuration;
using Orchestrator.Hosting;
using Orchestrator.Sweeps;
using Orchestrator.Web.Api;
using Orchestrator.Web.Dashboard;
using Orchestrator.Web.Hosting;
using Orchestrator.Web.Jobs;
using Orchestrator.Web.Schedules;

namespace Orchestrator.Web;

/// <summary>Puts sweeps on Hangfire's dashboard in a host of one's own.</summary>
public static class OrchestratorWebServices
{
    /// <summary>
    /// Makes each sweep of the host a Hangfire job and adds what <see cref="OrchestratorEndpoints.MapOrchestrator"/> shows. A host that has
    /// called <c>AddHangfire</c> before keeps its own job storage; else section <c>Orchestrator:Web</c> says where jobs are kept.
    /// </summary>
    /// <param name="orchestrator">What <c>AddOrchestrator</c> returned.</param>
    /// <param name="configure">Changes the settings after the configuration.</param>
    public static OrchestratorBuilder AddDashboard(this OrchestratorBuilder orchestrator, Action<WebOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        var services = orchestrator.Services;
        var options = services.AddOptions<WebOptions>().Configure<IConfiguration>((o, configuration) => configuration.GetSection(WebOptions.Section).Bind(o));
        if (configure is not null)
            options.Configure(configure);
        if (services.Any(s => s.ServiceType == typeof(SweepJobs)))
            return orchestrator;

        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<WebOptions>, WebOptionsCheck>();
        if (!services.Any(s => s.ServiceType == typeof(IGlobalConfiguration)))
        {
            services.TryAddSingleton(p => JobStorages.Create(p.GetRequiredService<Microsoft.Extensions.Options.IOptions<WebOptions>>().Value));
            services.AddHangfire((provider, hangfire) => hangfire
                .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
                .UseSimpleAssemblyNameTypeSerializer()
                .UseRecommendedSerializerSettings()
                .UseLogProvider(new HostLogProvider(provider.GetRequiredService<ILoggerFactory>()))
                .UseStorage(provider.GetRequiredService<JobStorage>())
                .UseOrchestrator());
        }

        services.AddAntiforgery(); // Hangfire checks what is posted where there is this service
        services.AddSingleton<SweepJobs>();
        services.AddSingleton<SweepOutcomes>();
        services.AddSingleton<StaleJobs>();
        services.AddSingleton<SweepCanceler>();
        services.AddSingleton<ISweepDispatcher, SweepDispatcher>();
        services.AddTransient(p => new SweepJob(
            p.GetRequiredService<SweepScheduler>(), p.GetRequiredService<SweepJobs>(), p.GetRequiredService<SweepOutcomes>(), p.GetRequiredService<OrchestratorHome>(), p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(new HomeHosting(HomeHostingMode.IfFree));
        services.AddSingleton<HomeHost>();
        services.AddHostedService(p => p.GetRequiredService<HomeHost>());
        services.AddSingleton<ScheduleBook>();
        services.AddSingleton<RecurringSweeps>();
        services.Replace(ServiceDescriptor.Singleton<IRecurringJobManagerFactory, ScheduleRemovingFactory>());
        services.AddTransient(p => new ScheduledSweepJob(p.GetRequiredService<ScheduleBook>(), p.GetRequiredService<SweepScheduler>(), p.GetRequiredService<ISweepCatalog>()));
        services.AddSingleton<SweepJobServer>();
        services.AddHostedService(p => p.GetRequiredService<SweepJobServer>());
        services.AddSingleton<DashboardAccess>();
        services.AddSingleton<RequestSource>();
        services.AddSingleton<SubmitEndpoint>();
        services.AddSingleton<SchedulesEndpoint>();
        return orchestrator;
    }
}
