namespace Orchestrator.Web;

/// <summary>Another host serves the home already.</summary>
public sealed class ServeBusyException(string message) : Exception(message);
