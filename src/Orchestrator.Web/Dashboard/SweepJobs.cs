using Hangfire.Common;
using Hangfire.Dashboard;

namespace Orchestrator.Web.Dashboard;

/// <summary>Which Hangfire job executes a sweep, and which sweep a job executes.</summary>
internal static class SweepJobs
{
    public static string? Find(DashboardContext context, string sweep) => null;

    /// <summary>The id of the sweep that a job executes; <see langword="null"/> for another's job.</summary>
    public static string? SweepOf(Job? job) => job?.Type.FullName == "Orchestrator.Web.Jobs.SweepJob" && job.Args is [string sweep, ..] ? sweep : null;
}
