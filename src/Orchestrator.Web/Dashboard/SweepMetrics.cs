using Hangfire.Dashboard;
using Microsoft.AspNetCore.Http;
using Orchestrator.Storage;
using HangfireMetric = Hangfire.Dashboard.Metric;

namespace Orchestrator.Web.Dashboard;

/// <summary>The numbers of the menu and of the home page. Hangfire asks for them synchronously, with each page and every few seconds.</summary>
internal static class SweepMetrics
{
    private static readonly object Key = new();

    public static DashboardMetric Active { get; } = Create("orchestrator:active", "Sweeps active", counts => new HangfireMetric(counts.Active)
    {
        Style = counts.Active > 0 ? MetricStyle.Info : MetricStyle.Default,
        Highlighted = counts.Active > 0,
    });

    public static DashboardMetric RunsRunning { get; } = Create("orchestrator:running", "Runs running", counts => new HangfireMetric(counts.Runs.Running)
    {
        Style = counts.Runs.Running > 0 ? MetricStyle.Warning : MetricStyle.Default,
    });

    public static DashboardMetric RunsCompleted { get; } = Create("orchestrator:completed", "Runs completed", counts => new HangfireMetric(counts.Runs.Completed)
    {
        Style = counts.Runs.Completed > 0 ? MetricStyle.Success : MetricStyle.Default,
    });

    public static DashboardMetric RunsFailed { get; } = Create("orchestrator:failed", "Runs failed", counts => new HangfireMetric(counts.Runs.Failed)
    {
        Style = counts.Runs.Failed > 0 ? MetricStyle.Danger : MetricStyle.Default,
        Highlighted = counts.Runs.Failed > 0,
    });

    private static DashboardMetric Create(string name, string title, Func<Counts, HangfireMetric> metric) =>
        new(name, title, page => Read(page.Context) is { } counts ? metric(counts) : null);

    /// <summary>The counts, read once for each request; <see langword="null"/> where they cannot be read.</summary>
    private static Counts? Read(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (!http.Items.TryGetValue(Key, out var known))
            http.Items[Key] = known = ReadAsync(context, http).GetAwaiter().GetResult();
        return (Counts?)known;
    }

    private static async Task<Counts?> ReadAsync(DashboardContext context, HttpContext http)
    {
        if (DashboardData.Of(context) is not { } data)
            return null;
        if (!data.Any)
            return new Counts(0, new RunCounts());
        try
        {
            var active = await data.CountActiveAsync(http.RequestAborted).ConfigureAwait(false);
            var store = await data.StoreAsync().ConfigureAwait(false);
            return new Counts(active, await store.TotalsAsync(http.RequestAborted).ConfigureAwait(false));
        }
        catch (StoreException)
        {
            return null; // the page itself says what is wrong
        }
    }

    private sealed record Counts(int Active, RunCounts Runs);
}
