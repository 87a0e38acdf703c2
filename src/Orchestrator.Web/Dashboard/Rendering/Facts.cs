using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>Labels and values in two columns; what has no value is left out.</summary>
internal sealed class Facts
{
    private readonly List<Markup> _rows = [];

    public Facts Add(string label, Markup value)
    {
        if (!value.IsEmpty)
            _rows.Add(Markup.Of($"<div class=\"orc-fact\"><dt>{label}</dt><dd>{value}</dd></div>"));
        return this;
    }

    public Facts Add(string label, string? text, int most = 300) => string.IsNullOrEmpty(text) ? this : Add(label, HtmlText.Name(text, most));

    public Facts AddCode(string label, string? text) => string.IsNullOrEmpty(text) ? this : Add(label, Markup.Of($"<code>{HtmlText.Name(text, 300)}</code>"));

    public Markup Render() => Markup.Of($"<dl class=\"orc-facts\">{_rows}</dl>");
}
