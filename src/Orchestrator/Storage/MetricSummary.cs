namespace Orchestrator;

/// <summary>What the values of one metric come to. NaN counts in the sum and as the last value, not as an extreme.</summary>
/// <param name="Count">How many there were; at least 1.</param>
/// <param name="Last">The last one.</param>
/// <param name="LastStep">Its step.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
/// <param name="Sum">Their sum.</param>
public readonly record struct MetricSummary(long Count, double Last, long LastStep, double Min, double Max, double Sum)
{
    /// <summary>Their mean.</summary>
    public double Average => Sum / Count;

    /// <summary>The summary of a first value.</summary>
    internal static MetricSummary Of(in MetricPoint point) => new(1, point.Value, point.Step, point.Value, point.Value, point.Value);

    /// <summary>The summary with one more value.</summary>
    internal MetricSummary With(in MetricPoint point) => new(
        Count + 1, point.Value, point.Step, double.MinNumber(Min, point.Value), double.MaxNumber(Max, point.Value), Sum + point.Value);
}
