namespace Orchestrator.Sampling;

/// <summary>A checked entry of <c>include</c>.</summary>
/// <param name="Given">The values given.</param>
/// <param name="Complete">The whole assignment, where nothing is left to be drawn.</param>
internal sealed record IncludedAssignment(IReadOnlyDictionary<string, ParameterValue> Given, ParameterSet? Complete);
