using Hangfire.Dashboard;
using Orchestrator.Configuration;
using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>Why a run failed, in the look of a failed state on the page of a Hangfire job.</summary>
internal static class FailureCard
{
    private const int LongestMessage = 4_000;

    public static Markup Render(RunFailure failure, HtmlHelper html) => Markup.Of($"""
        <div class="state-card state-card-state-danger orc-failure">
            <h4 class="state-card-title"><small class="pull-right text-muted">fingerprint {failure.Fingerprint}</small>Failed: {Words.Of(failure.Kind)}{Ending(failure)}</h4>
            <div class="state-card-body">
                {(failure.Type is { } type ? Markup.Of($"<h4 class=\"exception-type\">{HtmlText.Name(type, 300)}</h4>") : Markup.Empty)}
                <p class="orc-text text-muted"><bdi>{HtmlText.Shorten(Human.Lines(failure.Message), LongestMessage)}</bdi></p>
                {Stack(failure.StackTrace, html)}
                {failure.Inner.Select(inner => Markup.Of($"<h4 class=\"exception-type\">caused by {HtmlText.Name(inner.Type, 300)}</h4><p class=\"orc-text text-muted\"><bdi>{HtmlText.Shorten(Human.Lines(inner.Message), LongestMessage)}</bdi></p>{Stack(inner.StackTrace, html)}"))}
            </div>
        </div>
        """);

    private static string Ending(RunFailure failure) => failure switch
    {
        { Signal: { } signal } => $", signal {Human.Count(signal)}",
        { ExitCode: { } code } => $", exit code {Human.Count(code)}",
        _ => "",
    };

    private static Markup Stack(string? stack, HtmlHelper html) =>
        stack is null ? Markup.Empty : Markup.Of($"<pre class=\"stack-trace\"><code>{Markup.Of(html.StackTrace(Human.Lines(stack)))}</code></pre>");
}
