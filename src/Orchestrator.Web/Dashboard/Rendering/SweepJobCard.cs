using Hangfire.Dashboard;
using Orchestrator.Presentation;
using Orchestrator.Storage;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Jobs;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>The sweep of a job, on the page of the job.</summary>
internal static class SweepJobCard
{
    /// <summary>The sweep's progress if the job executes one; nothing for the jobs of others.</summary>
    public static NonEscapedString Render(JobDetailsRendererDto job)
    {
        var context = job.Page.Context;
        if (SweepJobs.SweepOf(job.JobDetails.Job) is not { } id || DashboardData.Of(context) is not { } data)
            return new NonEscapedString("");
        try
        {
            // Hangfire renders the page of a job synchronously.
            var sweep = data.FindAsync(id, cancellationToken: context.GetHttpContext().RequestAborted).GetAwaiter().GetResult();
            return (sweep is null ? Gone(id) : Live(job.Page.Url, sweep, data.Now)).ToHangfire();
        }
        catch (StoreException cause)
        {
            return Markup.Of($"<h3>Sweep</h3><div class=\"alert alert-danger\">{cause.Message}</div>").ToHangfire();
        }
    }

    public static Markup Draw(UrlHelper url, SweepRecord sweep, DateTimeOffset now) => Markup.Of($"""
        <div id="orchestrator-card" data-live>
            <div class="state-card orc-card">
                <h4 class="state-card-title"><small class="pull-right">{StateLabels.Of(sweep.State)}</small><a href="{url.Sweep(sweep.Id)}">{HtmlText.Name(sweep.Name)}</a></h4>
                <div class="orc-card-body">
                    {ProgressBar.Draw(sweep)}
                    <p class="orc-legend"><strong>{ProgressBar.Share(sweep)}</strong> {ProgressBar.Legend(sweep)}</p>
                    <p class="orc-card-facts">{Best(url, sweep)}<span>{Human.Duration(sweep.ElapsedSecondsAt(now))} elapsed{Left(sweep, now)}</span></p>
                </div>
            </div>
        </div>
        """);

    private static Markup Live(UrlHelper url, SweepRecord sweep, DateTimeOffset now) => Markup.Of($"""
        <h3>Sweep</h3>
        <div data-orchestrator data-live-active="{(sweep.IsUnderWay() ? "true" : "false")}" data-live-url="{url.SweepCard(sweep.Id)}">{Draw(url, sweep, now)}</div>
        """);

    private static Markup Gone(string id) => Markup.Of($"<h3>Sweep</h3><div class=\"alert alert-warning\">The sweep {HtmlText.Shorten(id, 100)} has been removed.</div>");

    private static Markup Best(UrlHelper url, SweepRecord sweep) => sweep.Best is { } best
        ? Markup.Of($"<span>best {HtmlText.Name(sweep.Metric.Name, 30)} <a href=\"{url.Run(sweep.Id, best.Number)}\"><strong>{Human.Number(best.Objective)}</strong></a></span> ")
        : Markup.Empty;

    private static string Left(SweepRecord sweep, DateTimeOffset now) => sweep.SecondsLeft(now) is { } left ? $", {Human.Duration(left)} left" : "";
}
