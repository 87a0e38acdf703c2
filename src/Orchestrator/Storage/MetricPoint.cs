namespace Orchestrator;

/// <summary>One reported value.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Step">The step it belongs to.</param>
/// <param name="Value">The value; may be NaN or infinite.</param>
/// <param name="At">When it was reported.</param>
public readonly record struct MetricPoint(string Metric, long Step, double Value, DateTimeOffset At);
