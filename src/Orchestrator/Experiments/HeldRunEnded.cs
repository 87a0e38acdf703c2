using Orchestrator.Storage;

namespace Orchestrator.Experiments;

/// <summary>The end of a run held by hand.</summary>
internal sealed class HeldRunEnded : AttemptEnded
{
    private readonly TaskCompletionSource<bool> _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it was applied, once it is committed.</summary>
    public Task<bool> Applied => _applied.Task;

    public override void Committed(bool applied) => _applied.TrySetResult(applied);

    public override void Failed(Exception cause) => _applied.TrySetException(cause);
}
