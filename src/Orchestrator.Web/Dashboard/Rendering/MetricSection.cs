using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>The metrics of a run, each with its last value, its extremes and its curve.</summary>
internal static class MetricSection
{
    private const int MostCharts = 24;
    private const int MostSingle = 48;

    public static Markup Render(RunView view)
    {
        if (view.Details.Metrics.Count == 0)
            return Markup.Of($"<h3>Metrics</h3><p class=\"text-muted\">No metric has been reported.</p>");
        var metrics = view.Details.Metrics.OrderByDescending(m => m.Key == view.Sweep.Metric.Name).ToLookup(m => m.Value.Count > 1);
        var (curves, single) = (metrics[true].Take(MostCharts).ToList(), metrics[false].Take(MostSingle).ToList());
        var others = metrics[true].Skip(MostCharts).Concat(metrics[false].Skip(MostSingle)).ToList();
        return Markup.Of($"""
            <h3>Metrics</h3>
            {(curves.Count == 0 ? Markup.Empty : Markup.Of($"<div class=\"orc-charts\">{curves.Select(m => Chart(view, m.Key, m.Value))}</div>"))}
            {(single.Count == 0 ? Markup.Empty : Markup.Of($"<dl class=\"orc-values\">{single.Select(m => Single(m.Key, m.Value))}</dl>"))}
            {(others.Count == 0 ? Markup.Empty : Others(others))}
            """);
    }

    private static Markup Single(string name, MetricSummary summary) => Markup.Of($"""
        <div><dt>{HtmlText.Name(name, 60)}</dt><dd>{Human.Number(summary.Last)} <span class="orc-small text-muted">step {Human.Count(summary.LastStep)}</span></dd></div>
        """);

    private static Markup Chart(RunView view, string name, MetricSummary summary) => Markup.Of($"""
        <figure class="orc-metric">
            <figcaption><span class="orc-metric-name">{HtmlText.Name(name, 40)}</span><strong>{Human.Number(summary.Last)}</strong></figcaption>
            {MetricChart.Draw(name, [.. view.Curves[name]])}
            <div class="orc-small text-muted">min {Human.Number(summary.Min)} · max {Human.Number(summary.Max)} · mean {Human.Number(summary.Average)} · {Human.Count(summary.Count)} values</div>
        </figure>
        """);

    private static Markup Others(IEnumerable<KeyValuePair<string, MetricSummary>> metrics) => Markup.Of($"""
        <div class="table-responsive"><table class="table table-condensed orc-table">
            <thead><tr><th>Metric</th><th class="align-right">Last</th><th class="align-right">Step</th><th class="align-right">Min</th><th class="align-right">Max</th><th class="align-right">Values</th></tr></thead>
            <tbody>{metrics.Select(m => Markup.Of($"<tr class=\"hover\"><td>{HtmlText.Name(m.Key)}</td><td class=\"align-right\">{Human.Number(m.Value.Last)}</td><td class=\"align-right\">{Human.Count(m.Value.LastStep)}</td><td class=\"align-right\">{Human.Number(m.Value.Min)}</td><td class=\"align-right\">{Human.Number(m.Value.Max)}</td><td class=\"align-right\">{Human.Count(m.Value.Count)}</td></tr>"))}</tbody>
        </table></div>
        """);
}
