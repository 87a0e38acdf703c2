using Microsoft.AspNetCore.Http;
using Serilog.Events;

namespace Orchestrator.Web.Hosting;

/// <summary>The level of the line that is logged for a request.</summary>
internal static class RequestLogLevel
{
    /// <summary>What the dashboard's pages ask for by themselves every few seconds, and what belongs to their look, would drown the rest; a request that was given up says nothing of the host.</summary>
    public static LogEventLevel Of(HttpContext context, double milliseconds, Exception? cause) =>
        cause is not null || context.Response.StatusCode >= StatusCodes.Status500InternalServerError ? LogEventLevel.Error
        : context.Response.StatusCode == StatusCodes.Status499ClientClosedRequest || IsFragment(context.Request) || IsPolled(context.Request.Path.Value ?? "")
            ? LogEventLevel.Verbose
        : LogEventLevel.Information;

    // A page that follows a sweep; a command that its script posts is no poll.
    private static bool IsFragment(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.Query["fragment"] == "1";

    private static bool IsPolled(string path) =>
        path.EndsWith("/stats", StringComparison.Ordinal)
        || path.StartsWith("/js", StringComparison.Ordinal)
        || path.StartsWith("/css", StringComparison.Ordinal)
        || path.StartsWith("/fonts", StringComparison.Ordinal);
}
