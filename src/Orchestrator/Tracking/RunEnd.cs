namespace Orchestrator.Tracking;

/// <summary>How an attempt ended.</summary>
/// <param name="State">Its final state.</param>
/// <param name="Objective">The value of the sweep's metric, if there is one.</param>
/// <param name="Failure">Why it failed, if it did.</param>
/// <param name="EndedAt">When.</param>
public sealed record RunEnd(RunState State, double? Objective, RunFailure? Failure, DateTimeOffset EndedAt);
