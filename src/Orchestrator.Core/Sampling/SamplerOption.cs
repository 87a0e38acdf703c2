namespace Orchestrator.Sampling;

/// <summary>An option of a method.</summary>
/// <param name="Name">What a sweep file calls it.</param>
/// <param name="Kind">The kind of its value.</param>
/// <param name="Description">What it does.</param>
internal sealed record SamplerOption(string Name, ParameterKind Kind, string Description);
