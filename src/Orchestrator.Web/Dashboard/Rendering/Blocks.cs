using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>Large numbers side by side, in the look of the metrics of Hangfire's home page.</summary>
internal sealed class Blocks
{
    private readonly List<Markup> _blocks = [];

    /// <param name="value">The number.</param>
    /// <param name="label">What it is.</param>
    /// <param name="style">Hangfire's style of a metric: <c>default, info, success, warning, danger</c>.</param>
    public Blocks Add(string value, string label, string style = "default")
    {
        _blocks.Add(Markup.Of($"""
            <div class="metric metric-{style}"><div class="metric-body">{value}</div><div class="metric-description">{HtmlText.Name(label, 40)}</div></div>
            """));
        return this;
    }

    public Markup Render() => Markup.Of($"<div class=\"orc-blocks\">{_blocks}</div>");
}
