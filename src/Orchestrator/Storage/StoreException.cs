namespace Orchestrator;

/// <summary>The store can no longer do what it was asked; the message says why and what to do.</summary>
public sealed class StoreException(string message, Exception? cause = null) : Exception(message, cause);
