namespace Orchestrator;

/// <summary>A living experiment of this process has the name, configuration and home already.</summary>
/// <param name="name">The name.</param>
public sealed class ExperimentNameTakenException(string name) : InvalidOperationException(
    $"There is an experiment '{name}' with the same configuration and home in this process already: runs of one would pass for runs of the other. "
    + $"Dispose it first, or give this one another {nameof(ExperimentOptions)}.{nameof(ExperimentOptions.Name)} or {nameof(ExperimentOptions.Home)}.")
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}

/// <summary>Something that belongs to a run was asked for outside of one.</summary>
/// <param name="message">What was asked for, and what there is.</param>
public sealed class NoActiveRunException(string message) : InvalidOperationException(message);

/// <summary>A run was begun inside another one. The outer one goes on as it was.</summary>
/// <param name="outer">The id of the outer run; <see langword="null"/>: it is only beginning.</param>
public sealed class NestedRunException(string? outer) : InvalidOperationException(
    (outer is null
        ? "A run is beginning in this flow already."
        : $"Run {outer} is active in this flow.")
    + " Runs do not nest: stop it first, begin the other one in an async method of its own, or use a task within the run (StartTask).")
{
    /// <summary>The id of the outer run.</summary>
    public string? Outer { get; } = outer;
}

/// <summary>The id of a new run is recorded already. Nothing was changed.</summary>
/// <param name="id">The id.</param>
public sealed class RunExistsException(string id) : InvalidOperationException(
    $"There is a run '{id}' already. Set {nameof(RunOptions)}.{nameof(RunOptions.Resume)} to go on with it, or choose another id.")
{
    /// <summary>The id.</summary>
    public string Id { get; } = id;
}

/// <summary>The run cannot be resumed: it is being executed, or belongs to another experiment. Nothing was changed.</summary>
/// <param name="id">The id.</param>
/// <param name="message">Why not.</param>
public sealed class RunNotResumableException(string id, string message) : InvalidOperationException(message)
{
    /// <summary>The id.</summary>
    public string Id { get; } = id;
}
