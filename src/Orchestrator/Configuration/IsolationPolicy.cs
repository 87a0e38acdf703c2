namespace Orchestrator;

/// <summary>Where runs are executed, and how firmly.</summary>
public sealed class IsolationPolicy
{
    /// <summary>
    /// Where. <see langword="null"/>: as the trainable says (<see cref="IsolationAttribute"/>) where this program can, else on threads of this process;
    /// a command is a process anyway.
    /// </summary>
    public RunIsolation? Type { get; set; }

    /// <summary>After how many runs a process is replaced; at least 1. Default: never. For <see cref="RunIsolation.Process"/>.</summary>
    public int? RecycleAfter { get; set; }

    /// <summary>
    /// How long a run that was asked to end may take before it is made to. <see langword="null"/>: 1 s after a timeout, 10 s otherwise.
    /// </summary>
    public TimeSpan? Grace { get; set; }
}
