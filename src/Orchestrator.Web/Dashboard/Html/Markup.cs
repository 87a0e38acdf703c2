using System.Runtime.CompilerServices;
using System.Text;
using Hangfire.Dashboard;

namespace Orchestrator.Web.Dashboard.Html;

/// <summary>
/// A finished piece of HTML. It is made from an interpolated string, whose literal parts are HTML and whose holes are text: every hole is
/// escaped unless it is markup itself.
/// </summary>
internal readonly struct Markup
{
    private readonly string? _html;

    private Markup(string html) => _html = html;

    public static Markup Empty => default;

    public bool IsEmpty => string.IsNullOrEmpty(_html);

    public static Markup Of(MarkupHandler html) => new(html.ToString());

    public static Markup Text(string? text) => new(HtmlText.Encode(text));

    /// <summary>What Hangfire's own helpers rendered.</summary>
    public static Markup Of(NonEscapedString html) => new(html.ToString());

    public static Markup Join(IEnumerable<Markup> parts, string between = "") => new(string.Join(between, parts));

    public NonEscapedString ToHangfire() => new(ToString());

    public override string ToString() => _html ?? "";
}

/// <summary>Escapes the holes of an interpolated string while it is put together.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupHandler(int literalLength, int formattedCount)
{
    private const int HoleLength = 24;

    private readonly StringBuilder _html = new(literalLength + (HoleLength * formattedCount));

    public void AppendLiteral(string literal) => _html.Append(literal);

    public void AppendFormatted(string? text) => _html.Append(HtmlText.Encode(text));

    public void AppendFormatted(long number) => _html.Append(number);

    public void AppendFormatted(Markup part) => _html.Append(part.ToString());

    public void AppendFormatted(IEnumerable<Markup> parts)
    {
        foreach (var part in parts)
            _html.Append(part.ToString());
    }

    public override string ToString() => _html.ToString();
}
