using Hangfire.Dashboard;
using Orchestrator.Configuration;
using Orchestrator.Presentation;
using Orchestrator.Storage;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>The runs of a sweep, by page, state and order.</summary>
internal static class RunsSection
{
    private const int LongestMessage = 160;

    public static Markup Render(UrlHelper url, SweepView view, Markup paginator) => Markup.Of($"""
        <h3 id="runs">Runs</h3>
        {(view.Sweep.Counts.Total == 0 ? Markup.Of($"<p class=\"text-muted\">No run has been made yet.</p>") : List(url, view, paginator))}
        """);

    private static Markup List(UrlHelper url, SweepView view, Markup paginator) => Markup.Of($"""
        <div class="btn-toolbar btn-toolbar-top orc-states">{States(url, view)}</div>
        {(view.Runs.Count == 0 ? Markup.Of($"<div class=\"alert alert-info\">No run is {(view.Filter.State is { } state ? Words.Of(state) : "here")}.</div>") : Table(url, view))}
        {paginator}
        """);

    private static IEnumerable<Markup> States(UrlHelper url, SweepView view)
    {
        yield return State(url, view, null, "all", view.Sweep.Counts.Total);
        foreach (var state in Enum.GetValues<RunState>().Where(s => view.Sweep.Counts[s] > 0 || s == view.Filter.State))
            yield return State(url, view, state, Words.Of(state), view.Sweep.Counts[state]);
    }

    private static Markup State(UrlHelper url, SweepView view, RunState? state, string title, long count) => Markup.Of($"""
        <a class="btn btn-sm btn-default {(view.Filter.State == state ? "active" : "")}" href="{Address(url, view, view.Filter with { State = state })}">{title} <span class="text-muted">{Human.Count(count)}</span></a>
        """);

    private static Markup Table(UrlHelper url, SweepView view)
    {
        var metric = view.Sweep.Metric.Name is { Length: > 0 } name ? name : "objective";
        var best = view.Sweep.Best?.Number;
        return Markup.Of($"""
            <div class="table-responsive"><table class="table table-condensed orc-table">
                <thead><tr>
                    <th class="min-width align-right">{Sorted(url, view, RunOrder.Number, Markup.Text("Run"))}</th>
                    <th class="min-width">State</th>
                    <th class="min-width align-right">{Sorted(url, view, RunOrder.Objective, HtmlText.Name(metric, 30), view.Sweep.Metric.Goal == MetricGoal.Maximize)}</th>
                    <th>Parameters</th>
                    <th class="min-width align-right">Attempts</th>
                    <th class="min-width align-right">{Sorted(url, view, RunOrder.Duration, Markup.Text("Duration"), true)}</th>
                    <th class="min-width align-right">{Sorted(url, view, RunOrder.Started, Markup.Text("Started"), true)}</th>
                </tr></thead>
                <tbody>{view.Runs.Select(run => Row(url, view, run, run.Number == best))}</tbody>
            </table></div>
            """);
    }

    private static Markup Row(UrlHelper url, SweepView view, RunRecord run, bool isBest) => Markup.Of($"""
        <tr class="hover">
            <td class="align-right min-width"><a href="{url.Run(run.Sweep, run.Number)}" title="{HtmlText.Shorten(HtmlText.OneLine(run.Name), 200)}">{run.Number}</a></td>
            <td class="min-width">{StateLabels.Of(run.State)}</td>
            <td class="align-right min-width">{(isBest ? Markup.Of($"<span class=\"glyphicon glyphicon-star orc-best\" title=\"The best run\"></span> ") : Markup.Empty)}{(run.Objective is { } value ? Markup.Text(Human.Number(value)) : Moments.None)}</td>
            <td>{ParameterText.Varying(run.Parameters, view.Constants)}{(run.Failure is { } failure ? Markup.Of($"<div class=\"orc-small text-danger orc-message\">{HtmlText.Name(Human.Failure(failure), LongestMessage)}</div>") : Markup.Empty)}</td>
            <td class="align-right">{run.Attempts}</td>
            <td class="align-right min-width">{(Duration(run, view.Now) is { } seconds ? Markup.Text(Human.Duration(seconds)) : Moments.None)}</td>
            <td class="align-right min-width">{Moments.Relative(run.StartedAt)}</td>
        </tr>
        """);

    private static double? Duration(RunRecord run, DateTimeOffset now) =>
        run.State == RunState.Running && run.StartedAt is { } started ? Math.Max(0, (now - started).TotalSeconds) : run.DurationSeconds;

    private static Markup Sorted(UrlHelper url, SweepView view, RunOrder order, Markup title, bool descendingFirst = false)
    {
        var mark = view.Filter.Order != order ? "" : view.Filter.IsDescending ? " ▾" : " ▴";
        return Markup.Of($"<a class=\"orc-sort\" href=\"{Address(url, view, view.Filter.By(order, descendingFirst))}\">{title}{mark}</a>");
    }

    private static string Address(UrlHelper url, SweepView view, RunListFilter filter) => $"{url.Sweep(view.Sweep.Id)}{filter.ToQueryString()}#runs";
}
