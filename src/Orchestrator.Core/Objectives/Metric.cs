using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Which way a metric gets better.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MetricGoal>))]
public enum MetricGoal
{
    /// <summary>Smaller is better.</summary>
    Minimize,

    /// <summary>Larger is better.</summary>
    Maximize,
}

/// <summary>Which of a run's reported values counts as its objective.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MetricSource>))]
public enum MetricSource
{
    /// <summary>The last reported value (the default).</summary>
    Last,

    /// <summary>The best reported value.</summary>
    Best,
}

/// <summary>The metric a sweep optimizes.</summary>
/// <param name="Name">The name under which runs report it.</param>
/// <param name="Goal">Which way it gets better.</param>
public sealed record Metric(string Name, MetricGoal Goal)
{
    /// <summary>The value at which the sweep starts nothing new; none by default.</summary>
    public double? Target { get; init; }

    /// <summary>Which of a run's reported values counts.</summary>
    public MetricSource From { get; init; }

    /// <summary>A metric of which smaller is better.</summary>
    public static Metric Minimize(string name, double? target = null) => new(name, MetricGoal.Minimize) { Target = target };

    /// <summary>A metric of which larger is better.</summary>
    public static Metric Maximize(string name, double? target = null) => new(name, MetricGoal.Maximize) { Target = target };

    /// <summary>Whether <paramref name="candidate"/> beats <paramref name="incumbent"/>. NaN never beats, and is always beaten.</summary>
    public bool IsBetter(double candidate, double incumbent)
    {
        if (double.IsNaN(candidate))
            return false;
        return double.IsNaN(incumbent) || (Goal == MetricGoal.Minimize ? candidate < incumbent : candidate > incumbent);
    }

    /// <summary>Whether a value reaches <see cref="Target"/>; never where there is none.</summary>
    public bool ReachesTarget(double value) =>
        Target is { } target && (Goal == MetricGoal.Minimize ? value <= target : value >= target);
}
