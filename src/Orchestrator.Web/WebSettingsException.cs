namespace Orchestrator.Web;

/// <summary>A setting of the web host has a value that it cannot have; the message says which and what is expected.</summary>
public sealed class WebSettingsException(string message, Exception? cause = null) : Exception(message, cause);
