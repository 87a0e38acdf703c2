using Hangfire.States;

namespace Orchestrator.Web.Jobs;

/// <summary>The state of a job that the host queued, in contrast to one that a person queued anew on the dashboard.</summary>
internal sealed class ReturnedState() : EnqueuedState(SweepJobs.Queue);
