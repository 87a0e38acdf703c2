using System.Globalization;
using Hangfire.Dashboard;
using Orchestrator.Presentation;
using Orchestrator.Storage;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>The best assignments of a sweep by the mean over their seeds; where each has one seed only, the best runs.</summary>
internal static class BestSection
{
    private const int MostColumns = 6;
    private const int MostMetrics = 3;

    public static Markup Render(UrlHelper url, SweepView view)
    {
        if (view.Sweep.Metric.Name.Length == 0)
            return Markup.Empty;
        if (view.Best.Count == 0)
            return Markup.Of($"<h3>Best</h3><p class=\"text-muted\">No run has completed yet.</p>");

        var isReplicated = view.Best.Any(b => b.Runs + b.Failed + b.Pruned > 1);
        var (_, varying) = ParameterSplit.Of([.. view.Best.Select(b => b.Parameters)], view.Constants);
        var columns = varying.Count <= MostColumns ? varying : [];
        var metrics = view.Best.SelectMany(b => b.Metrics.Keys).Distinct(StringComparer.Ordinal).Where(m => m != view.Sweep.Metric.Name).Take(MostMetrics).ToList();
        return Markup.Of($"""
            <h3>{(isReplicated ? "Best assignments" : "Best runs")}</h3>
            <div class="table-responsive"><table class="table table-condensed orc-table">
                <thead><tr>
                    <th class="min-width align-right">#</th>
                    <th class="min-width align-right">{HtmlText.Name(view.Sweep.Metric.Name, 30)}{(isReplicated ? Markup.Of($" <small class=\"text-muted\">mean ± deviation</small>") : Markup.Empty)}</th>
                    {(isReplicated ? Markup.Of($"<th class=\"min-width align-right\" title=\"Completed runs, each with a seed of its own\">Runs</th>") : Markup.Empty)}
                    {columns.Select(c => Markup.Of($"<th>{HtmlText.Name(c, 30)}</th>"))}{(columns.Count == 0 ? Markup.Of($"<th>Parameters</th>") : Markup.Empty)}
                    {metrics.Select(m => Markup.Of($"<th class=\"align-right\">{HtmlText.Name(m, 30)}</th>"))}
                </tr></thead>
                <tbody>{view.Best.Select((best, rank) => Row(view, best, rank, isReplicated, columns, metrics))}</tbody>
            </table></div>
            {BestRun(url, view.Sweep)}
            """);
    }

    private static Markup Row(SweepView view, AssignmentSummary best, int rank, bool isReplicated, IReadOnlyList<string> columns, List<string> metrics) => Markup.Of($"""
        <tr class="hover">
            <td class="align-right text-muted">{rank + 1}</td>
            <td class="align-right min-width"><strong>{(best.Mean is { } mean ? Human.Number(mean) : "–")}</strong>{Deviation(best, isReplicated)}</td>
            {(isReplicated ? Markup.Of($"<td class=\"align-right min-width\">{best.Runs}{Others(best)}</td>") : Markup.Empty)}
            {columns.Select(c => Markup.Of($"<td>{ParameterText.Cell(best.Parameters, c)}</td>"))}{(columns.Count == 0 ? Markup.Of($"<td>{ParameterText.Varying(best.Parameters, view.Constants)}</td>") : Markup.Empty)}
            {metrics.Select(m => Markup.Of($"<td class=\"align-right\">{(best.Metrics.TryGetValue(m, out var value) ? Markup.Text(Human.Number(value)) : Moments.None)}</td>"))}
        </tr>
        """);

    private static Markup Deviation(AssignmentSummary best, bool isReplicated) => isReplicated
        ? Markup.Of($" <span class=\"text-muted\">± {(best.StandardDeviation is { } deviation ? deviation.ToString("G2", CultureInfo.InvariantCulture) : "–")}</span>")
        : Markup.Empty;

    /// <summary>What became of the other seeds: the mean is that of those that completed.</summary>
    private static Markup Others(AssignmentSummary best) => best.IsPartial
        ? Markup.Of($" <span class=\"text-danger orc-small\" title=\"The mean leaves them out: the others may only have been lucky\">{(best.Failed > 0 ? $"{Human.Count(best.Failed)} failed" : "")}{(best.Failed > 0 && best.Pruned > 0 ? ", " : "")}{(best.Pruned > 0 ? $"{Human.Count(best.Pruned)} pruned" : "")}</span>")
        : Markup.Empty;

    private static Markup BestRun(UrlHelper url, SweepRecord sweep) => sweep.Best is { } run
        ? Markup.Of($"<p class=\"orc-after-table\">Best run: <a href=\"{url.Run(sweep.Id, run.Number)}\">{HtmlText.Name(run.Name)}</a> with {HtmlText.Name(sweep.Metric.Name, 30)} {Human.Number(run.Objective)}, seed {run.Seed}</p>")
        : Markup.Empty;
}
