using Hangfire.Dashboard;
using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Commands;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Rendering;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Pages;

/// <summary>A sweep: where it stands, its best assignments, its failures, its space and its runs.</summary>
internal sealed class SweepPage(SweepView view, CommandAnswer? answer) : DashboardPage
{
    private readonly SweepRecord _sweep = view.Sweep;

    public override int StatusCode => answer?.Status ?? 200;

    protected override string Title => _sweep.Name;

    protected override bool IsLive => _sweep.IsUnderWay();

    /// <summary>After a command the address is the command's, which cannot be read.</summary>
    protected override string LiveUrl => answer is null ? "" : Url.Sweep(_sweep.Id);

    public static Task<DashboardPage> LoadAsync(DashboardContext context, DashboardData data) => LoadAsync(context, data, answer: null);

    /// <summary>The page with the answer to a command.</summary>
    public static async Task<DashboardPage> LoadAsync(DashboardContext context, DashboardData data, CommandAnswer? answer)
    {
        var token = context.GetHttpContext().RequestAborted;
        var id = context.UriMatch.Groups["Sweep"].Value;
        return await data.FindAsync(id, cancellationToken: token).ConfigureAwait(false) is { } sweep
            ? new SweepPage(await SweepView.LoadAsync(context, data, sweep, token).ConfigureAwait(false), answer)
            : NotFoundPage.OfSweep(id);
    }

    protected override Markup Body() => Markup.Of($"""
        {Breadcrumbs.Of(Url, (Url.Sweeps(), "Sweeps"), (null, _sweep.Name))}
        <div id="orchestrator-answer">{Answer()}</div>
        <div id="orchestrator-sweep" data-live>
            <div class="orc-head">
                <h1 class="page-header">{HtmlText.Name(_sweep.Name, 200)} <small>{StateLabels.Of(_sweep.State)}</small></h1>
                {(IsReadOnly ? Markup.Empty : CommandButtons.Of(Url, _sweep, AntiforgeryField()))}
            </div>
            {Reason()}
            {ProgressBar.Draw(_sweep)}
            <p class="orc-legend"><strong>{ProgressBar.Share(_sweep)}</strong>{Percent()} {ProgressBar.Legend(_sweep)}</p>
            {NumbersOf(_sweep)}
            {SweepFacts.Render(Url, _sweep, view.Job)}
            {BestSection.Render(Url, view)}
            {FailureSection.Render(Url, view)}
            {SpaceSection.Render(view)}
            {RunsSection.Render(Url, view, Markup.Of(Html.Paginator(view.Pager)))}
        </div>
        """);

    private Markup Answer() => answer is null
        ? Markup.Empty
        : Markup.Of($"<div class=\"alert alert-{(answer.IsDone ? "success" : "warning")}\" role=\"status\">{answer.Text}</div>");

    private Markup Reason() => _sweep.EndReason is { } reason && !_sweep.IsExecuted()
        ? Markup.Of($"<p class=\"orc-reason {(_sweep.State is SweepState.Failed or SweepState.Interrupted ? "text-danger" : "text-muted")}\">{HtmlText.Name(reason, 600)}</p>")
        : Markup.Empty;

    private Markup Percent() => _sweep.Planned() is > 0 and var planned
        ? Markup.Of($" <span class=\"text-muted\">({100 * _sweep.Ended() / planned} %)</span>")
        : Markup.Empty;

    private Markup NumbersOf(SweepRecord sweep)
    {
        var blocks = new Blocks();
        if (sweep.Metric.Name.Length > 0)
            blocks.Add(Human.Number(sweep.Best?.Objective).Replace("-", sweep.Best is null ? "–" : "-", StringComparison.Ordinal), "best " + sweep.Metric.Name, sweep.Best is null ? "default" : "success");
        blocks.Add(Human.Count(sweep.Counts.Completed), "completed");
        blocks.Add(Human.Count(sweep.Counts.Failed), "failed", sweep.Counts.Failed > 0 ? "danger" : "default");
        if (sweep.Kind == ExperimentKind.Experiment)
            return blocks.Render();
        blocks.Add(Human.Duration(sweep.ElapsedSecondsAt(view.Now)), "elapsed");
        if (sweep.IsExecuted())
            blocks.Add(sweep.SecondsLeft(view.Now) is { } left ? Human.Duration(left) : "–", "left");
        return blocks.Render();
    }
}
