using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

/// <summary>What every <see cref="ISweepStore"/> must do while user code holds the thread pool: apart from the rest, since nothing can be tested beside it.</summary>
public abstract class SweepStorePoolContract
{
    /// <summary>Opens the test's own database.</summary>
    internal abstract Task<ISweepStore> OpenStoreAsync();

    [Fact]
    public async Task Flush_WhileTheThreadPoolIsHeld_Returns()
    {
        await using var store = await OpenStoreAsync();
        var sweep = await store.CreateSweepAsync(Sweep());
        var let = new ManualResetEventSlim(); // not disposed: the last of those who wait may look at it after the test
        for (var i = 0; i < 300; i++)
            ThreadPool.UnsafeQueueUserWorkItem(_ => let.Wait(TimeSpan.FromSeconds(60)), null);
        store.Append(Queued(sweep, 0));
        var thread = new Thread(store.Flush);
        thread.Start();

        var flushed = thread.Join(TimeSpan.FromSeconds(20));
        let.Set();

        Assert.True(flushed, "the flush waited for the pool");
    }
}
