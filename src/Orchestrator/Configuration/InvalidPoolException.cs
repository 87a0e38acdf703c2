namespace Orchestrator;

/// <summary>The settings of the pools are wrong, or name a GPU that is not there; the message says which and what there is.</summary>
public sealed class InvalidPoolException(string message) : Exception(message);
