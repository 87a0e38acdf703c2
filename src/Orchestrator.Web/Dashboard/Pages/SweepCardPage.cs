using Hangfire.Dashboard;
using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Rendering;

namespace Orchestrator.Web.Dashboard.Pages;

/// <summary>The progress of a sweep as it stands on the page of its job; read anew from here while the sweep runs.</summary>
internal sealed class SweepCardPage(SweepRecord sweep, DateTimeOffset now) : DashboardPage
{
    protected override string Title => sweep.Name;

    protected override bool IsLive => sweep.IsUnderWay();

    public static async Task<DashboardPage> LoadAsync(DashboardContext context, DashboardData data)
    {
        var id = context.UriMatch.Groups["Sweep"].Value;
        return await data.FindAsync(id, cancellationToken: context.GetHttpContext().RequestAborted).ConfigureAwait(false) is { } sweep
            ? new SweepCardPage(sweep, data.Now)
            : NotFoundPage.OfSweep(id);
    }

    protected override Markup Body() => SweepJobCard.Draw(Url, sweep, now);
}
