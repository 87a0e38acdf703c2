namespace Orchestrator.Storage;

/// <summary>Changes nothing; completes when everything appended before it is durable.</summary>
internal sealed class StoreFlushed : StoreCommand
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public override void Committed(bool applied) => _done.TrySetResult();

    public override void Failed(Exception cause) => _done.TrySetException(cause);
}
