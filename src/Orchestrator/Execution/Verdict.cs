namespace Orchestrator.Execution;

/// <summary>What an attempt came to. The one place that says so, for a sweep's run as for one held by hand.</summary>
internal readonly record struct Verdict(RunState Outcome, double? Objective, RunFailure? Failure)
{
    public static Verdict Failed(RunFailure failure) => new(RunState.Failed, null, failure);

    /// <summary>The attempt did what it was asked to do: end.</summary>
    public static Verdict Asked(RunAttempt attempt) => attempt.CancellationReason == CancellationReason.Pruned ? Pruned(attempt) : Canceled;

    public static Verdict Canceled { get; } = new(RunState.Canceled, null, null);

    /// <summary>A pruned run keeps its last value.</summary>
    public static Verdict Pruned(RunAttempt attempt) => new(RunState.Pruned, ObjectiveOf(attempt), null);

    /// <summary>The user's code has ended.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="ending">How.</param>
    /// <param name="mustReport">Whether an attempt that never reported a finite value of its metric has failed: that of a sweep has.</param>
    public static Verdict Of(RunAttempt attempt, RunEnding ending, bool mustReport)
    {
        // Whatever leaves a run that was asked to end is taken as its way of ending.
        if (ending != default && attempt.CancellationReason != CancellationReason.None)
            return Asked(attempt);
        if (ending.GaveUp)
            return Pruned(attempt);
        if (ending.Failure is { } failure)
            return Failed(failure);

        var objective = ObjectiveOf(attempt);
        if (!mustReport)
            return new(RunState.Completed, objective, null);
        var name = attempt.Info.Metric?.Name;
        return objective switch
        {
            null => Failed(FailureCapture.FromRule(
                FailureKind.InvalidResult, $"The run ended without reporting '{name}', the sweep's metric. {Reported(attempt)}")),
            { } value when !double.IsFinite(value) => Failed(FailureCapture.FromRule(
                FailureKind.NonFinite, FormattableString.Invariant($"The run's '{name}' is {value}, not a finite number."))),
            { } value => new(RunState.Completed, value, null),
        };
    }

    private static double? ObjectiveOf(RunAttempt attempt)
    {
        if (attempt.Info.Metric is not { } metric || attempt.Reports.SummaryOf(metric.Name) is not { } summary)
            return null;
        if (metric.From == MetricSource.Last)
            return summary.Last;
        return metric.Goal == MetricGoal.Minimize ? summary.Min : summary.Max;
    }

    private static string Reported(RunAttempt attempt)
    {
        var names = attempt.Reports.Summaries().Select(s => $"'{s.Key}'").ToArray();
        var missed = attempt.Info.Metric is { } metric && attempt.WarningOf(metric.Name) is { } warning ? " " + warning : "";
        return (names.Length == 0 ? "It reported nothing." : $"It reported {string.Join(", ", names)}.") + missed;
    }
}
