using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>The attempts at a run and how each ended.</summary>
internal static class AttemptSection
{
    private const int LongestMessage = 240;

    public static Markup Render(RunView view) => view.Attempts.Count == 0
        ? Markup.Empty
        : Markup.Of($"""
            <h3>Attempts</h3>
            <div class="table-responsive"><table class="table table-condensed orc-table">
                <thead><tr><th class="min-width align-right">#</th><th class="min-width">End</th><th class="min-width">Worker</th><th class="min-width">Device</th><th class="min-width">Started</th><th class="min-width align-right">Duration</th><th>What happened</th></tr></thead>
                <tbody>{view.Attempts.Select(a => Markup.Of($"""
                    <tr class="hover">
                        <td class="align-right">{a.Number}</td>
                        <td class="min-width">{StateLabels.Of(a.State)}</td>
                        <td class="min-width">{HtmlText.Name(a.Worker, 40)}</td>
                        <td class="min-width">{(a.Device is { } device ? HtmlText.Name(device, 40) : Moments.None)}</td>
                        <td class="min-width">{Moments.Exact(a.StartedAt)}</td>
                        <td class="align-right min-width">{(((a.EndedAt ?? (a.State == RunState.Running ? view.Now : null)) - a.StartedAt)?.TotalSeconds is { } seconds ? Markup.Text(Human.Duration(Math.Max(0, seconds))) : Moments.None)}</td>
                        <td class="orc-message">{(a.ResumedFrom is { } step ? Markup.Of($"went on from step {Human.Count(step)} ") : Markup.Empty)}{(a.Failure is { } failure ? HtmlText.Name(Human.Failure(failure), LongestMessage) : Markup.Empty)}</td>
                    </tr>
                    """))}</tbody>
            </table></div>
            """);
}
