namespace Orchestrator;

/// <summary>
/// Says where runs are executed if the sweep does not: on a trainable, those of this trainable; on a service, those of every trainable that takes
/// it in its constructor and says nothing itself.
/// </summary>
/// <param name="isolation">Where; threads have to do where there can be no processes.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class IsolationAttribute(RunIsolation isolation) : Attribute
{
    /// <summary>Where.</summary>
    public RunIsolation Isolation { get; } = isolation;
}
