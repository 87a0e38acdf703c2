namespace Orchestrator.Presentation;

/// <summary>How far a stored sweep is, and how long the rest takes at its pace so far.</summary>
internal static class SweepPace
{
    /// <summary>Whether some process executes the sweep.</summary>
    public static bool IsExecuted(this SweepRecord sweep) => sweep.State is SweepState.Running or SweepState.Paused;

    /// <summary>Whether the sweep changes by itself: some process executes it, or it waits in a queue.</summary>
    public static bool IsUnderWay(this SweepRecord sweep) => sweep.State.IsUnderWay();

    /// <summary>Whether sweeps in the state change by themselves.</summary>
    public static bool IsUnderWay(this SweepState state) => state is SweepState.Queued or SweepState.Running or SweepState.Paused;

    /// <summary>Runs that have ended for good: a canceled run is taken up again.</summary>
    public static long Ended(this SweepRecord sweep) => sweep.Counts.Completed + sweep.Counts.Failed + sweep.Counts.Pruned;

    /// <summary>How many runs there will be, if that is known; never fewer than there are.</summary>
    public static long? Planned(this SweepRecord sweep) => sweep.PlannedRuns is { } planned ? Math.Max(planned, sweep.Counts.Total) : null;

    /// <summary>How long the rest takes, in seconds; <see langword="null"/> where that cannot be told.</summary>
    public static double? SecondsLeft(this SweepRecord sweep, DateTimeOffset now)
    {
        var elapsed = sweep.ElapsedSecondsAt(now);
        return sweep.State == SweepState.Running && sweep.Planned() is { } planned && sweep.Ended() is > 0 and var ended && elapsed > 0
            ? (planned - ended) * elapsed / ended
            : null;
    }
}
