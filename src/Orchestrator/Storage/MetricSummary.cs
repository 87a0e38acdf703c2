namespace Orchestrator.Storage;

/// <summary>What an attempt's values of one metric come to.</summary>
internal record struct MetricSummary(long Count, double Last, long LastStep, double Min, double Max, double Sum);
