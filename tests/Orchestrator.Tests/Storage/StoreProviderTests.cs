using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Storage.Sqlite;
using Orchestrator.Tests.Tracking;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public sealed class StoreProviderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchestrator-store-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Store_CallbackThrows_IsHeardByTheHostsLog()
    {
        using var log = new ListLogger<SqliteSweepStore>();
        await using (var provider = Provider(_folder.FullName, log))
        {
            var store = await provider.GetAsync();
            var key = await store.CreateSweepAsync(Sweep("a"));
            await store.AppendAsync(new Throwing { Sweep = key, At = DateTimeOffset.UnixEpoch });
            await store.FlushAsync();
        }

        Assert.Contains(log.At(LogLevel.Error), line => line.Contains(nameof(Throwing), StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetWritable_StoreThatFailed_IsOpenedAnew_AndWhoeverHasTheOldOneGoesOnBeingRefused()
    {
        using var log = new ListLogger<SqliteSweepStore>();
        await using var provider = Provider(_folder.FullName, log);
        for (var i = 0; i < 3; i++)
        {
            var failed = await provider.GetWritableAsync();
            await failed.CreateSweepAsync(Sweep("a"));
            foreach (var file in _folder.GetFiles("orchestrator.db*"))
                file.Delete(); // as good as a disk that is full: it can write no more
            await Assert.ThrowsAsync<StoreException>(() => failed.CreateSweepAsync(Sweep("b")));
            Assert.Same(failed, await provider.GetAsync()); // who only looks has no use for another

            var both = await Task.WhenAll(provider.GetWritableAsync(), provider.GetWritableAsync());
            Assert.Same(both[0], both[1]);
            Assert.Same(both[0], await provider.GetAsync());
            await both[0].CreateSweepAsync(Sweep("c"));
            await Assert.ThrowsAsync<StoreException>(() => failed.CreateSweepAsync(Sweep("d")));
            foreach (var file in _folder.GetFiles("orchestrator.db*"))
                file.Delete();
            await Assert.ThrowsAsync<StoreException>(() => both[0].CreateSweepAsync(Sweep("e")));
        }
    }

    [Fact]
    public async Task Dispose_StoreThatNeverOpened_DoesNotThrow()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "x");
        using var log = new ListLogger<SqliteSweepStore>();
        var provider = Provider(Path.Combine(file, "below"), log);

        await Assert.ThrowsAsync<StoreException>(provider.GetAsync);
        await provider.DisposeAsync();
    }

    private static StoreProvider Provider(string home, ILogger<SqliteSweepStore> log)
    {
        var options = Options.Create(new OrchestratorOptions { Home = home });
        return new StoreProvider(new OrchestratorHome(options), options, log, TimeProvider.System);
    }

    private sealed class Throwing : SweepChanged
    {
        public override void Committed(bool applied) => throw new InvalidOperationException("on purpose");
    }
}
