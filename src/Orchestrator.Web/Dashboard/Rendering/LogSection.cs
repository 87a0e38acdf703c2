using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>The last lines that a run logged.</summary>
internal static class LogSection
{
    public static Markup Render(RunView view) => Markup.Of($"""
        <h3>Log</h3>
        {(view.Log is { } log ? Log(log) : Markup.Of($"<p class=\"text-muted\">The run has logged nothing.</p>"))}
        """);

    private static Markup Log(LogTail log) => Markup.Of($"""
        {(log.IsCut ? Markup.Of($"<p class=\"text-muted orc-small\">The last lines; all of them are in <code>{HtmlText.Name(log.Path, 300)}</code>.</p>") : Markup.Empty)}
        <pre class="orc-log">{log.Text}</pre>
        """);
}
