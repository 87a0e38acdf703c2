namespace Orchestrator.Storage;

/// <summary>A run that has not ended, or was canceled: what resume takes up.</summary>
internal sealed record OpenRun(
    long Number, long Proposal, int Replicate, long Seed, RunState State, int Attempts, ParameterSet Parameters, string Name)
{
    /// <summary>The first attempts, which count neither as failures nor as losses any more: the run was tried again by hand after them.</summary>
    public int Forgiven { get; init; }
}

/// <summary>Where a stored sweep stands.</summary>
internal sealed record SweepProgress
{
    /// <summary>The number of the next run to be made: all smaller ones are stored.</summary>
    public required long NextNumber { get; init; }

    public required RunCounts Counts { get; init; }

    /// <summary>
    /// Failed runs at the end of the order in which runs ended, canceled ones passed over; none after a failed run was queued again.
    /// </summary>
    public required int ConsecutiveFailures { get; init; }

    /// <summary>Runs that are queued, running, paused or canceled, by number.</summary>
    public required IReadOnlyList<OpenRun> Open { get; init; }

    /// <summary>The best objective of a completed run.</summary>
    public double? BestObjective { get; init; }

    public double ElapsedSeconds { get; init; }

    /// <summary>
    /// How long it was executed at least, by the last that was recorded of it: more than <see cref="ElapsedSeconds"/> where its process was killed.
    /// </summary>
    public double SeenSeconds { get; init; }
}
