using Hangfire.Dashboard;
using Orchestrator.Configuration;
using Orchestrator.Presentation;
using Orchestrator.Storage;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>What went wrong in a sweep, how often, and one run as an example.</summary>
internal static class FailureSection
{
    private const int LongestMessage = 240;

    public static Markup Render(UrlHelper url, SweepView view)
    {
        var (top, kinds) = view.Failures;
        if (top.Count == 0)
            return Markup.Empty;
        return Markup.Of($"""
            <h3>Failures</h3>
            <div class="table-responsive"><table class="table table-condensed orc-table">
                <thead><tr><th class="min-width align-right">Runs</th><th class="min-width">Kind</th><th>What happened</th><th class="min-width">For one</th><th class="min-width">Fingerprint</th></tr></thead>
                <tbody>{top.Select(group => Row(url, view.Sweep, group))}</tbody>
            </table></div>
            {(kinds > top.Count ? Markup.Of($"<p class=\"orc-after-table text-muted\">And {kinds - top.Count} other kinds of failure.</p>") : Markup.Empty)}
            """);
    }

    private static Markup Row(UrlHelper url, SweepRecord sweep, FailureGroup group) => Markup.Of($"""
        <tr class="hover">
            <td class="align-right"><strong>{Human.Count(group.Count)}</strong></td>
            <td class="min-width">{Words.Of(group.First.Kind)}</td>
            <td class="orc-message">{HtmlText.Name(group.First.Message, LongestMessage)}{(group.First.Type is { } type ? Markup.Of($"<div class=\"orc-small text-muted\">{HtmlText.Name(type, 120)}</div>") : Markup.Empty)}</td>
            <td class="min-width"><a href="{url.Run(sweep.Id, group.Number)}">run {group.Number}</a></td>
            <td class="min-width"><code>{group.Fingerprint}</code></td>
        </tr>
        """);
}
