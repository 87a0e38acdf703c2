using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Pages;

/// <summary>The store cannot be read, or this host has none.</summary>
internal sealed class UnavailablePage(string why) : DashboardPage
{
    public override int StatusCode => 503;

    protected override string Title => "Sweeps";

    protected override Markup Body() => Markup.Of($"""
        <h1 class="page-header">Sweeps</h1>
        <div class="alert alert-danger">{why}</div>
        """);
}
