namespace Orchestrator.Cli.Comparing;

/// <summary>One number of several runs.</summary>
/// <param name="Values">By run; <see langword="null"/>: it has none.</param>
/// <param name="Goal">Which is better; <see langword="null"/>: neither.</param>
internal sealed record ComparedNumbers(IReadOnlyList<double?> Values, MetricGoal? Goal = null)
{
    /// <summary>How much more than the first run each run has.</summary>
    public IReadOnlyList<double?> Differences { get; } = [.. Values.Select(v => v - Values[0])];

    /// <summary>The same relative to the first run's; <see langword="null"/> where that is zero or no number.</summary>
    public IReadOnlyList<double?> Relative { get; } = [.. Values.Select(v => Values[0] is { } first && double.IsFinite(first) && first != 0 ? (v - first) / Math.Abs(first) : null)];

    /// <summary>The one run that has the best value; <see langword="null"/> where there is no goal, no other value, or a tie.</summary>
    public int? Better
    {
        get
        {
            var finite = Enumerable.Range(0, Values.Count).Where(i => Values[i] is { } value && double.IsFinite(value)).ToList();
            if (Goal is not { } goal || finite.Count < 2)
                return null;
            var best = goal == MetricGoal.Minimize ? finite.Min(i => Values[i]) : finite.Max(i => Values[i]);
            return finite.Where(i => Values[i] == best).ToList() is [var only] ? only : null;
        }
    }

    /// <summary>Whether they are not all the same.</summary>
    public bool Differ => Values.Distinct().Count() > 1;
}
