namespace Orchestrator;

/// <summary>
/// Watches a sweep while it is executed. Called from the sweep's own loop, one call at a time: return quickly. An exception
/// ends the watching, not the sweep.
/// </summary>
public interface ISweepObserver
{
    /// <summary>The sweep begins, or goes on. <paramref name="sweep"/> is as stored; <paramref name="workers"/> is how many runs are executed at once.</summary>
    void SweepStarted(SweepRecord sweep, int workers)
    {
    }

    /// <summary>An attempt at a run begins.</summary>
    void RunStarted(IRunningRun run)
    {
    }

    /// <summary>An attempt ended, and its end is durable.</summary>
    void RunEnded(RunEnded ended)
    {
    }

    /// <summary>A device is given to no further run: runs fail on it that succeed on others.</summary>
    void DeviceRetired(DeviceRetired retired)
    {
    }

    /// <summary>A request was followed, from this process or another one: the sweep was paused, continued, or changed.</summary>
    void SweepSteered(SweepSteered steered)
    {
    }

    /// <summary>Nothing new is started from here on, unless somebody gives the sweep more to do; the reason is a sentence.</summary>
    void SweepStopping(string reason)
    {
    }

    /// <summary>The sweep has ended, and its end is durable.</summary>
    void SweepEnded(SweepState state, string reason)
    {
    }
}

/// <summary>A run that is being executed, as an observer sees it. Safe to read from any thread, also after its end.</summary>
public interface IRunningRun
{
    /// <summary>What it is.</summary>
    RunInfo Info { get; }

    /// <summary>The last value and step reported under that name; <see langword="null"/> if there is none yet.</summary>
    (double Value, long Step)? Latest(string metric);
}

/// <summary>The end of an attempt.</summary>
/// <param name="Run">What it was.</param>
/// <param name="Outcome">How the attempt ended.</param>
/// <param name="Next">The state of the run: an end, or queued for another attempt.</param>
/// <param name="Objective">The value of the sweep's metric, if there is one.</param>
/// <param name="Failure">Why it failed, if it did.</param>
/// <param name="EndedAt">When.</param>
/// <param name="IsBest">Whether it is the best completed run so far.</param>
public sealed record RunEnded(
    RunInfo Run, RunState Outcome, RunState Next, double? Objective, RunFailure? Failure, DateTimeOffset EndedAt, bool IsBest);

/// <summary>A device that was taken out of service.</summary>
/// <param name="Device">Its name, such as <c>cuda:2</c>.</param>
/// <param name="Pool">The pool that it belongs to.</param>
/// <param name="FailedRuns">The numbers of the runs that failed on it, one after the other; at most 64.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record DeviceRetired(string Device, string Pool, IReadOnlyList<long> FailedRuns, string Reason);

/// <summary>What came of a request to a sweep.</summary>
/// <param name="State">Running, or paused.</param>
/// <param name="Answer">What is in force now, in a sentence.</param>
/// <param name="PlannedRuns">How many runs there will be now, if that is known.</param>
/// <param name="IsStopping">Whether it is stopping all the same: what was asked counts once it is resumed.</param>
public sealed record SweepSteered(SweepState State, string Answer, long? PlannedRuns, bool IsStopping);
