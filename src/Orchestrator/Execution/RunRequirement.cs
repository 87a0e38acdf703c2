namespace Orchestrator;

/// <summary>
/// What the runs of a trainable need of the machine and of their process, such as a native library. Named by <see cref="RequiresAttribute{T}"/>.
/// </summary>
public abstract class RunRequirement
{
    /// <summary>
    /// Variables for a worker process of such runs. Processes with other variables are other processes: they are not shared with runs that do not need them.
    /// </summary>
    public virtual IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    /// <summary>
    /// Why such runs cannot be executed here and what to do, as a sentence; <see langword="null"/>: they can. Asked in the orchestrating process before a
    /// sweep begins, so it loads nothing that only runs need.
    /// </summary>
    public virtual string? FindObstacle() => null;

    /// <summary>
    /// Gets a worker process ready while it starts and waits for its first run; called once, on a thread of its own. What it throws is not reported: the run
    /// meets it again.
    /// </summary>
    public virtual void Prepare()
    {
    }
}
