namespace Orchestrator.Storage;

/// <summary>What an attempt's values of one metric come to. NaN counts in the sum and as the last value, not as an extreme.</summary>
internal readonly record struct MetricSummary(long Count, double Last, long LastStep, double Min, double Max, double Sum)
{
    /// <summary>The mean of what was reported.</summary>
    public double Average => Sum / Count;

    /// <summary>The summary of a first value.</summary>
    public static MetricSummary Of(in MetricPoint point) => new(1, point.Value, point.Step, point.Value, point.Value, point.Value);

    /// <summary>The summary with one more value.</summary>
    public MetricSummary With(in MetricPoint point) => new(
        Count + 1, point.Value, point.Step, double.MinNumber(Min, point.Value), double.MaxNumber(Max, point.Value), Sum + point.Value);
}
