using Hangfire.Dashboard;

namespace Orchestrator.Web.Dashboard;

/// <summary>The addresses of the pages, below the path at which the dashboard is mapped.</summary>
internal static class DashboardLinks
{
    public static string Sweeps(this UrlHelper url) => url.To("/sweeps");

    public static string Sweep(this UrlHelper url, string sweep) => url.To("/sweeps/" + Uri.EscapeDataString(sweep));

    public static string SweepCard(this UrlHelper url, string sweep) => url.Sweep(sweep) + "/card";

    public static string Run(this UrlHelper url, string sweep, long number) => FormattableString.Invariant($"{url.Sweep(sweep)}/runs/{number}");

    public static string Command(this UrlHelper url, string sweep, string command) => $"{url.Sweep(sweep)}/{command}";

    /// <summary>A query string of the values that there are; empty if there is none.</summary>
    public static string Query(params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var query = "";
        foreach (var (name, value) in values)
        {
            if (!string.IsNullOrEmpty(value))
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        }

        return query;
    }
}
