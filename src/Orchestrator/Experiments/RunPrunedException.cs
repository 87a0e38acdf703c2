namespace Orchestrator;

/// <summary>Thrown by a run's code that gives itself up: the run is recorded as pruned, which is no failure, and keeps its last values.</summary>
/// <param name="message">Why.</param>
public sealed class RunPrunedException(string? message = null) : Exception(message ?? "The run was pruned.");
