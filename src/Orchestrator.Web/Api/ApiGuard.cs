using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Web.Api;

/// <summary>
/// Stands before requests for changes that come from verbs. The home's owner may do everything; others need the token, since a sweep can hold a
/// command that runs as the account of the host, and are refused where the dashboard only shows.
/// </summary>
internal sealed class ApiGuard(RequestDelegate next, DashboardAccess access, IOptions<WebOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (DashboardGuard.DecisionOf(context) == AccessDecision.Owner)
            return next(context);
        if (options.Value.ReadOnly)
            return ApiResponse.RefuseAsync(context, StatusCodes.Status403Forbidden, "readOnly", "The dashboard is read-only: it accepts no changes.");
        return access.Token is null
            ? ApiResponse.RefuseAsync(context, StatusCodes.Status401Unauthorized, "unauthorized", $"Set {WebOptions.Section}:{nameof(WebOptions.Token)} and give that token, or call from the home that the host serves.")
            : next(context);
    }
}
