namespace Orchestrator.Storage;

/// <summary>The runs of one assignment.</summary>
/// <param name="Proposal">The number of the assignment.</param>
/// <param name="Parameters">The assignment.</param>
/// <param name="Runs">How many of its runs completed with a finite objective.</param>
/// <param name="Mean">The mean of their objectives; <see langword="null"/>: there are none.</param>
/// <param name="StandardDeviation">The sample standard deviation of their objectives; <see langword="null"/> for one run.</param>
/// <param name="Metrics">The mean over its completed runs of each metric's last value.</param>
/// <param name="Deviations">The sample standard deviation of the same.</param>
internal sealed record AssignmentSummary(
    long Proposal,
    ParameterSet Parameters,
    int Runs,
    double? Mean,
    double? StandardDeviation,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, double?> Deviations)
{
    /// <summary>How many of its runs failed. What the others come to is then the mean of those that were lucky.</summary>
    public int Failed { get; init; }

    /// <summary>How many of its runs were ended by early stopping.</summary>
    public int Pruned { get; init; }

    /// <summary>Whether the mean leaves out runs that ended.</summary>
    public bool IsPartial => Failed + Pruned > 0;

    /// <summary>What the runs of an assignment come to.</summary>
    /// <param name="all">All that there are of it; at least one.</param>
    public static AssignmentSummary Of(IReadOnlyList<RunRecord> all)
    {
        RunRecord[] runs = [.. all.Where(r => r is { State: RunState.Completed, Objective: { } value } && double.IsFinite(value))];
        var (mean, deviation) = MeanAndDeviation([.. runs.Select(r => r.Objective!.Value)]);
        // By the first run's order; of a metric that only some of the runs reported, the mean over those.
        var metrics = runs.SelectMany(r => r.Metrics.Keys).Distinct(StringComparer.Ordinal).ToDictionary(
            name => name,
            name => MeanAndDeviation([.. runs.Where(r => r.Metrics.ContainsKey(name)).Select(r => r.Metrics[name])]),
            StringComparer.Ordinal);
        return new(
            all[0].Proposal,
            all[0].Parameters,
            runs.Length,
            mean,
            deviation,
            metrics.ToDictionary(m => m.Key, m => m.Value.Mean!.Value, StringComparer.Ordinal),
            metrics.ToDictionary(m => m.Key, m => m.Value.Deviation, StringComparer.Ordinal))
        {
            Failed = all.Count(r => r.State == RunState.Failed),
            Pruned = all.Count(r => r.State == RunState.Pruned),
        };
    }

    /// <summary>In two passes: sums of squares lose all digits where the values are large and close together.</summary>
    private static (double? Mean, double? Deviation) MeanAndDeviation(double[] values)
    {
        if (values.Length == 0)
            return (null, null);
        var mean = values.Average();
        return (mean, values.Length < 2 ? null : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)));
    }
}
