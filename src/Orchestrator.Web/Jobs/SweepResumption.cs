namespace Orchestrator.Web.Jobs;

/// <summary>Why a job whose sweep has ended executes it again.</summary>
internal enum SweepResumption
{
    /// <summary>The sweep was resumed: what is left is run.</summary>
    WithRest,

    /// <summary>The job was queued anew by a person: what is left is run, and what failed is tried again.</summary>
    WithFailed,
}
