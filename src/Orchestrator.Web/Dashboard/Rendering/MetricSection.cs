using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>The metrics of a run, each with its last value, its extremes and its curve.</summary>
internal static class MetricSection
{
    private const int MostCharts = 24;

    public static Markup Render(RunView view)
    {
        var metrics = view.Details.Metrics.OrderByDescending(m => m.Key == view.Sweep.Metric.Name).ToList();
        return Markup.Of($"""
            <h3>Metrics</h3>
            {(metrics.Count == 0 ? Markup.Of($"<p class=\"text-muted\">No metric has been reported.</p>") : Markup.Of($"<div class=\"orc-charts\">{metrics.Take(MostCharts).Select(m => Chart(view, m.Key, m.Value))}</div>"))}
            {(metrics.Count > MostCharts ? Others(metrics.Skip(MostCharts)) : Markup.Empty)}
            """);
    }

    private static Markup Chart(RunView view, string name, MetricSummary summary) => Markup.Of($"""
        <figure class="orc-metric">
            <figcaption><span class="orc-metric-name">{HtmlText.Name(name, 40)}</span><strong>{Human.Number(summary.Last)}</strong></figcaption>
            {MetricChart.Draw(name, [.. view.Curves[name]])}
            <div class="orc-small text-muted">min {Human.Number(summary.Min)} · max {Human.Number(summary.Max)} · mean {Human.Number(summary.Average)} · {Human.Count(summary.Count)} {(summary.Count == 1 ? "value" : "values")}</div>
        </figure>
        """);

    private static Markup Others(IEnumerable<KeyValuePair<string, MetricSummary>> metrics) => Markup.Of($"""
        <div class="table-responsive"><table class="table table-condensed orc-table">
            <thead><tr><th>Metric</th><th class="align-right">Last</th><th class="align-right">Step</th><th class="align-right">Min</th><th class="align-right">Max</th><th class="align-right">Values</th></tr></thead>
            <tbody>{metrics.Select(m => Markup.Of($"<tr class=\"hover\"><td>{HtmlText.Name(m.Key)}</td><td class=\"align-right\">{Human.Number(m.Value.Last)}</td><td class=\"align-right\">{Human.Count(m.Value.LastStep)}</td><td class=\"align-right\">{Human.Number(m.Value.Min)}</td><td class=\"align-right\">{Human.Number(m.Value.Max)}</td><td class=\"align-right\">{Human.Count(m.Value.Count)}</td></tr>"))}</tbody>
        </table></div>
        """);
}
