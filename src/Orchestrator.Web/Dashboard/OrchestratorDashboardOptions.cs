namespace Orchestrator.Web.Dashboard;

/// <summary>What Orchestrator adds to Hangfire's dashboard beside its own pages. The first call in a process decides.</summary>
public sealed class OrchestratorDashboardOptions
{
    /// <summary>Whether the home page shows how many runs are running, completed and failed. Default: yes.</summary>
    public bool ShowMetrics { get; set; } = true;

    /// <summary>Whether the page of a sweep's job shows the sweep's progress. Default: yes.</summary>
    public bool ShowOnJobs { get; set; } = true;
}
