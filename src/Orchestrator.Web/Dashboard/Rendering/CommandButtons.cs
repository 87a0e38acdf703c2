using Hangfire.Dashboard;
using Orchestrator.Web.Dashboard.Commands;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>The commands that apply to a sweep as it is, each a form of its own: they work without a script.</summary>
internal static class CommandButtons
{
    /// <param name="url">The dashboard's addresses.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="antiforgery">The form field that shows where a command comes from.</param>
    /// <param name="isSmall">Whether there is room for symbols only.</param>
    public static Markup Of(UrlHelper url, SweepRecord sweep, Markup antiforgery, bool isSmall = false)
    {
        var buttons = SweepCommand.All.Where(c => c.AppliesTo(sweep)).Select(c => isSmall ? Small(url, sweep, c, antiforgery) : Large(url, sweep, c, antiforgery)).ToList();
        return buttons.Count == 0 ? Markup.Empty : Markup.Of($"<div class=\"orc-commands\">{buttons}</div>");
    }

    private static Markup Large(UrlHelper url, SweepRecord sweep, SweepCommand command, Markup antiforgery) => Form(url, sweep, command, antiforgery, Markup.Of($"""
        <button type="submit" class="btn btn-sm {command.Style}" title="{command.Meaning}"><span class="glyphicon glyphicon-{command.Icon}" aria-hidden="true"></span> {command.Title}</button>
        """));

    private static Markup Small(UrlHelper url, SweepRecord sweep, SweepCommand command, Markup antiforgery) => Form(url, sweep, command, antiforgery, Markup.Of($"""
        <button type="submit" class="btn btn-xs {command.Style}" title="{command.Title}" aria-label="{command.Title}"><span class="glyphicon glyphicon-{command.Icon}" aria-hidden="true"></span></button>
        """));

    private static Markup Form(UrlHelper url, SweepRecord sweep, SweepCommand command, Markup antiforgery, Markup button) => Markup.Of($"""
        <form method="post" action="{url.Command(sweep.Id, command.Name)}" data-command data-confirm="{command.Confirm}">{antiforgery}{button}</form>
        """);
}
