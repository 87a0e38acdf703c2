using Hangfire;
using Hangfire.Dashboard;
using Orchestrator.Web.Dashboard.Commands;
using Orchestrator.Web.Dashboard.Pages;
using Orchestrator.Web.Dashboard.Rendering;

namespace Orchestrator.Web.Dashboard;

/// <summary>Puts sweeps and runs on Hangfire's dashboard.</summary>
public static class OrchestratorDashboard
{
    private const int BehindHangfiresOwn = 100;
    private static int _isUsed;

    /// <summary>
    /// Adds the pages of sweeps and runs, a menu entry, metrics, and the progress of a sweep on the page of its job. The host's services need
    /// <see cref="OrchestratorServices.AddOrchestrator"/>. Hangfire keeps these lists for the whole process, so a second call changes nothing.
    /// </summary>
    /// <param name="configuration">Hangfire's configuration.</param>
    /// <param name="options">What is shown; <see langword="null"/>: everything.</param>
    public static IGlobalConfiguration UseOrchestrator(this IGlobalConfiguration configuration, OrchestratorDashboardOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (Interlocked.Exchange(ref _isUsed, 1) != 0)
            return configuration;
        options ??= new OrchestratorDashboardOptions();

        AddContent();
        AddRoutes(DashboardRoutes.Routes);
        NavigationMenu.Items.Insert(0, page => new MenuItem("Sweeps", page.Url.To("/sweeps"))
        {
            Active = page.RequestPath.StartsWith("/sweeps", StringComparison.OrdinalIgnoreCase),
            Metric = SweepMetrics.Active,
        });
        DashboardMetrics.AddMetric(SweepMetrics.Active);
        if (options.ShowMetrics)
            configuration.UseDashboardMetrics(SweepMetrics.RunsRunning, SweepMetrics.RunsCompleted, SweepMetrics.RunsFailed);
        if (options.ShowOnJobs)
            configuration.UseJobDetailsRenderer(BehindHangfiresOwn, SweepJobCard.Render);
        return configuration;
    }

    private static void AddRoutes(RouteCollection routes)
    {
        const string Sweep = "/sweeps/(?<Sweep>[^/]+)";
        routes.Add("/sweeps", new PageDispatcher(SweepsPage.LoadAsync));
        routes.Add(Sweep, new PageDispatcher(SweepPage.LoadAsync));
        routes.Add(Sweep + "/card", new PageDispatcher(SweepCardPage.LoadAsync));
        routes.Add(Sweep + "/runs/(?<Run>[0-9]{1,10})", new PageDispatcher(RunPage.LoadAsync));
        routes.Add(Sweep + $"/(?<Command>{string.Join('|', SweepCommand.All.Select(c => c.Name))})", new SweepCommandDispatcher());
        routes.Add("/sweeps/.*", new PageDispatcher((_, _) => NotFoundPage.OfAddress()));
    }

    private static void AddContent()
    {
        var assembly = typeof(OrchestratorDashboard).Assembly;
        const string Folder = "Orchestrator.Web.Dashboard.Content.";
        DashboardRoutes.AddStylesheet(assembly, Folder + "orchestrator.css");
        DashboardRoutes.AddStylesheetDarkMode(assembly, Folder + "orchestrator-dark.css");
        DashboardRoutes.AddJavaScript(assembly, Folder + "orchestrator.js");
    }
}
