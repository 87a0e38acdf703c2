using Hangfire.Dashboard;
using Orchestrator.Storage;

namespace Orchestrator.Web.Dashboard.Pages;

/// <summary>Loads what a page shows; the page for an address that does not exist if there is nothing to show.</summary>
internal delegate Task<DashboardPage> PageLoader(DashboardContext context, DashboardData data);

/// <summary>
/// Serves a page: its data is read asynchronously before it is rendered, which Hangfire's own dispatcher has no place for.
/// </summary>
internal sealed class PageDispatcher(PageLoader load) : IDashboardDispatcher
{
    public async Task Dispatch(DashboardContext context)
    {
        if (!HttpMethodsOf.Reading(context.Request.Method))
        {
            context.Response.StatusCode = 405;
            return;
        }

        await WriteAsync(context, load).ConfigureAwait(false);
    }

    /// <summary>Loads a page and writes it with its status.</summary>
    public static async Task WriteAsync(DashboardContext context, PageLoader load)
    {
        var page = await TryLoadAsync(context, load).ConfigureAwait(false);
        context.Response.StatusCode = page.StatusCode;
        page.IsFragment = context.Request.GetQuery("fragment") == "1";
        await DispatcherOf(page).Dispatch(context).ConfigureAwait(false);
    }

    private static async Task<DashboardPage> TryLoadAsync(DashboardContext context, PageLoader load)
    {
        if (DashboardData.Of(context) is not { } data)
            return new UnavailablePage("This host has no orchestrator: call services.AddOrchestrator(...) where it is built.");
        try
        {
            return await load(context, data).ConfigureAwait(false);
        }
        catch (StoreException cause)
        {
            return new UnavailablePage(cause.Message);
        }
    }

    /// <summary>Only Hangfire's own dispatcher can give a page its context; a collection of routes makes one.</summary>
    private static IDashboardDispatcher DispatcherOf(DashboardPage page)
    {
        var routes = new RouteCollection();
        routes.AddRazorPage("/", _ => page);
        return routes.FindDispatcher("/").Item1;
    }
}

/// <summary>Which HTTP methods only read.</summary>
internal static class HttpMethodsOf
{
    public static bool Reading(string method) =>
        string.Equals(method, "GET", StringComparison.OrdinalIgnoreCase) || string.Equals(method, "HEAD", StringComparison.OrdinalIgnoreCase);
}
