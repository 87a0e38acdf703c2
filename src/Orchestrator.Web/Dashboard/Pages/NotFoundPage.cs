using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Pages;

/// <summary>There is nothing at this address.</summary>
internal sealed class NotFoundPage(string what) : DashboardPage
{
    public override int StatusCode => 404;

    protected override string Title => "Not found";

    public static Task<DashboardPage> OfAddress() => Task.FromResult<DashboardPage>(new NotFoundPage("There is no page at this address."));

    public static DashboardPage OfSweep(string id) => new NotFoundPage($"There is no sweep '{HtmlText.Shorten(id, 100)}'. It may have been removed.");

    public static DashboardPage OfRun(string sweep, string number) => new NotFoundPage($"The sweep {sweep} has no run {number}.");

    protected override Markup Body() => Markup.Of($"""
        <h1 class="page-header">Not found</h1>
        <div class="alert alert-warning"><bdi>{what}</bdi></div>
        <p><a class="btn btn-default" href="{Url.Sweeps()}"><span class="glyphicon glyphicon-list" aria-hidden="true"></span> All sweeps</a></p>
        """);
}
