using Hangfire.Dashboard;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>The way from the home page to a page. Hangfire's own helper has no room for long names.</summary>
internal static class Breadcrumbs
{
    private const int LongestName = 60;

    /// <param name="url">The dashboard's addresses.</param>
    /// <param name="steps">The steps below the home page; the last one is the page itself and has no address.</param>
    public static Markup Of(UrlHelper url, params ReadOnlySpan<(string? Url, string Title)> steps)
    {
        var items = new List<Markup>();
        foreach (var (address, title) in steps)
        {
            items.Add(address is null
                ? Markup.Of($"<li class=\"active\">{HtmlText.Name(title, LongestName)}</li>")
                : Markup.Of($"<li><a href=\"{address}\">{HtmlText.Name(title, LongestName)}</a></li>"));
        }

        return Markup.Of($"<ol class=\"breadcrumb\"><li><a href=\"{url.Home()}\" aria-label=\"Home\"><span class=\"glyphicon glyphicon-home\" aria-hidden=\"true\"></span></a></li>{items}</ol>");
    }
}
