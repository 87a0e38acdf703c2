using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Web.Api;

/// <summary>Refuses requests for changes where the dashboard only shows. The home's owner is not bound by that.</summary>
internal sealed class ReadOnlyGuard(RequestDelegate next, IOptions<WebOptions> options)
{
    public Task InvokeAsync(HttpContext context) =>
        options.Value.ReadOnly && DashboardGuard.DecisionOf(context) != AccessDecision.Owner
            ? ApiResponse.RefuseAsync(context, StatusCodes.Status403Forbidden, "readOnly", "The dashboard is read-only: it accepts no changes.")
            : next(context);
}
