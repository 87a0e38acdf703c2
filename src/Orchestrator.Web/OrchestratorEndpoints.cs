using Hangfire;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestrator.Web.Api;
using Orchestrator.Web.Dashboard;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Web;

/// <summary>Maps Hangfire's dashboard with the orchestrator's pages.</summary>
public static class OrchestratorEndpoints
{
    /// <summary>
    /// Maps the dashboard below a path. Requests from elsewhere than this machine, and those that a proxy forwards, need the token of
    /// <c>Orchestrator:Web:Token</c>, unless the host authorizes them itself: call <c>RequireAuthorization</c> on what comes back.
    /// </summary>
    /// <param name="endpoints">The host's routes; <see cref="OrchestratorWebServices.AddDashboard"/> has added the services.</param>
    /// <param name="pattern">The path, such as <c>/</c> or <c>/sweeps</c>.</param>
    public static IEndpointConventionBuilder MapOrchestrator(this IEndpointRouteBuilder endpoints, string pattern = "/")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var services = endpoints.ServiceProvider;
        if (services.GetService<DashboardAccess>() is null)
            throw new InvalidOperationException($"Call {nameof(OrchestratorWebServices.AddDashboard)} on what AddOrchestrator returns, before the host is built.");
        services.GetRequiredService<IGlobalConfiguration>().UseOrchestrator();

        var prefix = "/" + pattern.Trim('/');
        var path = prefix.TrimEnd('/');
        var group = endpoints.MapGroup(prefix);
        group.Map("/{**path}", Guarded(endpoints, prefix).UseMiddleware<AspNetCoreDashboardMiddleware>(
            services.GetRequiredService<JobStorage>(), Options(services), services.GetRequiredService<Hangfire.Dashboard.RouteCollection>(), true).Build());
        // Not part of the group: its authorization knows browsers, the verbs prove themselves by a token.
        endpoints.MapPost($"{path}/api/sweeps", Changing(endpoints, prefix, services.GetRequiredService<SubmitEndpoint>().HandleAsync));
        endpoints.MapPost($"{path}/api/schedules/refresh", Changing(endpoints, prefix, services.GetRequiredService<SchedulesEndpoint>().RefreshAsync));
        services.GetRequiredService<HomeHosting>().Path = prefix;
        return group;
    }

    private static RequestDelegate Changing(IEndpointRouteBuilder endpoints, string prefix, RequestDelegate handle) =>
        Guarded(endpoints, prefix).UseMiddleware<ApiGuard>().Use(_ => handle).Build();

    private static IApplicationBuilder Guarded(IEndpointRouteBuilder endpoints, string prefix)
    {
        var app = endpoints.CreateApplicationBuilder();
        if (prefix != "/")
            app.UsePathBase(prefix);
        return app.UseMiddleware<DashboardGuard>();
    }

    private static DashboardOptions Options(IServiceProvider services)
    {
        var isReadOnly = services.GetRequiredService<IOptions<WebOptions>>().Value.ReadOnly;
        return new DashboardOptions
        {
            DashboardTitle = "Orchestrator",
            AppPath = null,
            Authorization = [], // the guard has decided
            IsReadOnlyFunc = _ => isReadOnly,
            DisplayStorageConnectionString = false,
            TimeZoneResolver = services.GetService<ITimeZoneResolver>(),
        };
    }
}
