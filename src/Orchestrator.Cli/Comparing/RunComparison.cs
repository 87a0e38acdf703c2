using Orchestrator.Cli.Looks;

namespace Orchestrator.Cli.Comparing;

/// <summary>One metric of several runs.</summary>
internal sealed record ComparedMetric(string Name, ComparedNumbers Last, ComparedNumbers Minimum, ComparedNumbers Maximum);

/// <summary>What several runs have in common and what not. They may be of different sweeps.</summary>
internal sealed class RunComparison
{
    private RunComparison(IReadOnlyList<ComparedRun> runs) => Runs = runs;

    public IReadOnlyList<ComparedRun> Runs { get; }

    /// <summary>The parameters and their values by run; <see langword="null"/>: the run has none of that name.</summary>
    public required IReadOnlyList<KeyValuePair<string, IReadOnlyList<ParameterValue?>>> Parameters { get; init; }

    public required IReadOnlyList<ComparedMetric> Metrics { get; init; }

    /// <summary>The value that each sweep optimizes; compared only where all have the same metric and goal.</summary>
    public required ComparedNumbers? Objective { get; init; }

    public required ComparedNumbers Duration { get; init; }

    /// <summary>How many parameters are the same in all and were left out.</summary>
    public required int SameParameters { get; init; }

    public static RunComparison Of(IReadOnlyList<ComparedRun> runs, bool all)
    {
        var parameters = runs.SelectMany(r => r.Run.Parameters.Names).Distinct(StringComparer.Ordinal)
            .Select(name => KeyValuePair.Create<string, IReadOnlyList<ParameterValue?>>(
                name, [.. runs.Select(r => r.Run.Parameters.TryGetValue(name, out var value) ? value : (ParameterValue?)null)]))
            .ToList();
        var shown = all ? parameters : [.. parameters.Where(p => p.Value.Distinct().Count() > 1)];
        var metric = runs[0].Sweep.Metric;
        var same = runs.All(r => r.Sweep.Metric.Name == metric.Name && r.Sweep.Metric.Goal == metric.Goal);
        return new RunComparison(runs)
        {
            Parameters = shown,
            SameParameters = parameters.Count - shown.Count,
            Metrics = [.. runs.SelectMany(r => r.Series.Keys).Distinct(StringComparer.Ordinal).Select(name => Metric(runs, name))],
            Objective = same ? new([.. runs.Select(r => r.Run.Objective)], metric.Goal) : null,
            Duration = new([.. runs.Select(r => r.Run.DurationSeconds)]),
        };
    }

    private static ComparedMetric Metric(IReadOnlyList<ComparedRun> runs, string name)
    {
        // Only the metric that the sweeps optimize has a goal; it has none where they disagree.
        var goals = runs.Where(r => r.Sweep.Metric.Name == name).Select(r => r.Sweep.Metric.Goal).Distinct().ToList();
        MetricGoal? goal = goals is [var only] ? only : null;

        ComparedNumbers Numbers(Func<SeriesSummary, double> value) =>
            new([.. runs.Select(r => r.Series.TryGetValue(name, out var series) ? value(series) : (double?)null)], goal);

        return new(name, Numbers(s => s.Last), Numbers(s => s.Least), Numbers(s => s.Most));
    }
}
