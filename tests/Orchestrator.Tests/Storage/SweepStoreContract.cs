using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

/// <summary>
/// What every <see cref="ISweepStore"/> must do, split by matter over this class's parts. A store's tests inherit it and say how one is opened.
/// </summary>
public abstract partial class SweepStoreContract : IAsyncLifetime
{
    private readonly List<ISweepStore> _opened = [];

    /// <summary>Opens the test's own database; each call makes another store of the same one.</summary>
    internal abstract Task<ISweepStore> OpenStoreAsync();

    internal ISweepStore Store { get; private set; } = null!;

    /// <summary>The key of a sweep "s1" that minimizes "loss".</summary>
    internal long Sweep { get; private set; }

    public virtual async ValueTask InitializeAsync()
    {
        Store = await OpenAnotherAsync();
        Sweep = await Store.CreateSweepAsync(StoreBuilders.Sweep());
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
            await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal async Task<ISweepStore> OpenAnotherAsync()
    {
        var store = await OpenStoreAsync();
        _opened.Add(store);
        return store;
    }

    private async Task<RunRecord> FindAsync(long number)
    {
        await Store.FlushAsync();
        return Assert.IsType<RunRecord>(await Store.FindRunAsync("s1", number));
    }

    private async Task<RunCounts> CountsAsync() => (await Store.FindSweepAsync("s1"))!.Value.Sweep.Counts;

    private async Task<List<string>> KindsAsync()
    {
        await Store.FlushAsync();
        return [.. (await Store.EventsAsync("s1").ToListAsync()).Select(e => e.RunNumber is { } run ? $"{e.Kind} {run}" : e.Kind)];
    }

    private static ReportBuffer Reports(long sweep, long number, int attempt, params MetricPoint[] points)
    {
        var buffer = new ReportBuffer(new(sweep, number), attempt);
        buffer.Append(points);
        return buffer;
    }

    private static MetricPoint Point(string metric, long step, double value) => new(metric, step, value, At(step));
}
