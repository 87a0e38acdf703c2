namespace Orchestrator.Storage;

/// <summary>A new sweep; its key once it is committed.</summary>
internal sealed class SweepCreated(SweepRecord sweep) : StoreCommand
{
    private readonly TaskCompletionSource<long> _key = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SweepRecord Sweep { get; } = sweep;

    /// <summary>Set by the writer.</summary>
    public long AssignedKey { get; set; }

    public Task<long> Key => _key.Task;

    public override void Committed(bool applied)
    {
        if (applied)
            _key.TrySetResult(AssignedKey);
        else
            _key.TrySetException(new StoreException($"There is a sweep with the id '{Sweep.Id}' already."));
    }

    public override void Failed(Exception cause) => _key.TrySetException(cause);
}
