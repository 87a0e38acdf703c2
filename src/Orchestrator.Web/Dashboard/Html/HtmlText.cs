using System.Net;

namespace Orchestrator.Web.Dashboard.Html;

/// <summary>Text that users chose, made harmless and short enough for a page.</summary>
internal static class HtmlText
{
    private const int LongestTooltip = 1_000;

    /// <summary>
    /// Text as HTML, in an element or a quoted attribute. Control characters, which HTML forbids, are shown as replacement characters.
    /// </summary>
    public static string Encode(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var shown = text.Any(IsForbidden) ? string.Concat(text.Select(c => IsForbidden(c) ? '\uFFFD' : c)) : text;
        return WebUtility.HtmlEncode(shown);
    }

    /// <summary>
    /// A name in one line, cut to so many characters, with the rest in its tooltip. It stands in a direction of its own, so that marks for
    /// right-to-left text do not turn around what follows.
    /// </summary>
    public static Markup Name(string name, int most = 80)
    {
        var line = OneLine(name);
        return line.Length <= most
            ? Markup.Of($"<bdi>{line}</bdi>")
            : Markup.Of($"<bdi title=\"{Shorten(line, LongestTooltip)}\">{Shorten(line, most)}</bdi>");
    }

    /// <summary>At most so many characters; a pair of surrogates is not cut in half.</summary>
    public static string Shorten(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }

    /// <summary>All of it in one line.</summary>
    public static string OneLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    private static bool IsForbidden(char c) => char.IsControl(c) && c is not ('\n' or '\t' or '\r');
}
