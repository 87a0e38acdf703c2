namespace Orchestrator;

/// <summary>Where runs are executed.</summary>
public enum RunIsolation
{
    /// <summary>On a thread of this process.</summary>
    Thread,
}
