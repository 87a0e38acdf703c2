using System.Globalization;
using Hangfire.Dashboard;
using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Rendering;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Pages;

/// <summary>A run: its parameters, metrics and curves, its attempts and how they ended, its log and its files.</summary>
internal sealed class RunPage(RunView view) : DashboardPage
{
    protected override string Title => $"{view.Run.Name} – {view.Sweep.Name}";

    protected override bool IsLive => view.Sweep.IsUnderWay() && !RunStateMachine.IsFinal(view.Run.State);

    public static async Task<DashboardPage> LoadAsync(DashboardContext context, DashboardData data)
    {
        var token = context.GetHttpContext().RequestAborted;
        var (id, number) = (context.UriMatch.Groups["Sweep"].Value, context.UriMatch.Groups["Run"].Value);
        if (await data.FindAsync(id, withBest: false, token).ConfigureAwait(false) is not { } sweep)
            return NotFoundPage.OfSweep(id);
        var store = await data.StoreAsync().ConfigureAwait(false);
        return await store.FindRunAsync(sweep.Id, long.Parse(number, CultureInfo.InvariantCulture), token).ConfigureAwait(false) is { } run
            ? new RunPage(await RunView.LoadAsync(data, sweep, run, token).ConfigureAwait(false))
            : NotFoundPage.OfRun(sweep.Id, number);
    }

    protected override Markup Body() => Markup.Of($"""
        {Breadcrumbs.Of(Url, (Url.Sweeps(), "Sweeps"), (Url.Sweep(view.Sweep.Id), view.Sweep.Name), (null, "run " + Human.Count(view.Run.Number)))}
        <div id="orchestrator-run" data-live>
            <h1 class="page-header">{HtmlText.Name(view.Run.Name, 200)} <small>{StateLabels.Of(view.Run.State)}</small></h1>
            {RunFacts.Numbers(view)}
            {RunFacts.Render(view)}
            {(view.Run.Failure is { } failure ? FailureCard.Render(failure, Html) : Markup.Empty)}
            {RunFacts.Parameters(view.Run)}
            {MetricSection.Render(view)}
            {AttemptSection.Render(view)}
            {LogSection.Render(view)}
            {FileSections.Render(view)}
        </div>
        """);
}
