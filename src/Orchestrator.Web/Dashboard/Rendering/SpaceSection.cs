using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>The parameters of a sweep, what each may be, and what it is in the best run.</summary>
internal static class SpaceSection
{
    public static Markup Render(SweepView view)
    {
        if (view.Space.Count == 0)
            return Markup.Empty;
        var best = view.Sweep.Best?.Parameters;
        return Markup.Of($"""
            <h3>Parameters</h3>
            <div class="table-responsive"><table class="table table-condensed orc-table">
                <thead><tr><th class="width-20">Name</th><th>Values</th><th class="width-20">In the best run</th></tr></thead>
                <tbody>{view.Space.Select(entry => Row(entry, best))}</tbody>
            </table></div>
            """);
    }

    private static Markup Row(SpaceEntry entry, ParameterSet? best) => Markup.Of($"""
        <tr class="hover">
            <td class="orc-name">{HtmlText.Name(entry.Name)}</td>
            <td class="orc-message">{HtmlText.Name(entry.Values, 200)}{(entry.Condition is { } when ? Markup.Of($"<div class=\"orc-small text-muted\">when {HtmlText.Name(when, 160)}</div>") : Markup.Empty)}</td>
            <td>{(best is null ? Moments.None : ParameterText.Cell(best, entry.Name))}</td>
        </tr>
        """);
}
