namespace Orchestrator.Storage;

/// <summary>Changes nothing; completes when everything appended before it is durable.</summary>
internal sealed class StoreFlushed : StoreCommand
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public override void Committed(bool applied) => _done.TrySetResult();

    public override void Failed(Exception cause) => _done.TrySetException(cause);
}

/// <summary>Waiting for the store on a thread of one's own.</summary>
internal static class StoreFlush
{
    /// <summary>As <see cref="ISweepStore.FlushAsync"/>, blocking the thread; needs no thread of the pool, which user code may have used up.</summary>
    public static void Flush(this ISweepStore store)
    {
        var flush = new StoreFlushed();
        store.Append(flush);
        flush.Done.GetAwaiter().GetResult(); // the task itself: a method that awaited it would be gone on with by the pool
    }
}
