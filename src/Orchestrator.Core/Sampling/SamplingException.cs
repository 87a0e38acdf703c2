namespace Orchestrator.Sampling;

/// <summary>A sampler cannot propose.</summary>
public sealed class SamplingException(string message) : Exception(message);
