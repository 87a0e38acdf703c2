using Microsoft.Data.Sqlite;
using Orchestrator.Storage;
using Orchestrator.Storage.Sqlite;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public sealed class SqliteSweepStoreTests : SweepStoreContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchestrator-store-");

    private string File => Path.Combine(_folder.FullName, "made", "orchestrator.db");

    internal override async Task<ISweepStore> OpenStoreAsync() => await SqliteSweepStore.OpenAsync(new() { DatabaseFile = File });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        var damage = Check(File);
        _folder.Delete(recursive: true);
        Assert.Equal("ok", damage); // after every test of the contract
    }

    [Fact]
    public void StoredNumbers_OfStates_NeverChange()
    {
        Assert.Equal(
            ["Queued0", "Running1", "Paused2", "Completed3", "Failed4", "Pruned5", "Canceled6"],
            Enum.GetValues<RunState>().Select(s => $"{s}{(int)s}"));
        Assert.Equal(
            ["Queued0", "Running1", "Paused2", "Completed3", "Stopped4", "Interrupted5", "Failed6"],
            Enum.GetValues<SweepState>().Select(s => $"{s}{(int)s}"));
        Assert.Equal((0, 1, 0, 1), ((int)MetricGoal.Minimize, (int)MetricGoal.Maximize, (int)MetricSource.Last, (int)MetricSource.Best));
    }

    [Theory]
    [InlineData(StorageDurability.Process)]
    [InlineData(StorageDurability.Power)]
    public async Task Durability_EitherWay_Stores(StorageDurability durability)
    {
        await using var store = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = File, Durability = durability });

        Assert.True(await store.RunAsync(Sweep, 0, objective: 1));
    }

    [Fact]
    public async Task Write_DatabaseRemovedMeanwhile_SaysSoInsteadOfLosingIt()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "removed"));
        await using var store = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = Path.Combine(folder.FullName, "orchestrator.db") });
        await store.CreateSweepAsync(Sweep("before"));
        folder.Delete(recursive: true);

        var cause = await Assert.ThrowsAsync<StoreException>(() => store.CreateSweepAsync(Sweep("after")));

        Assert.Contains("was removed", cause.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(store.FlushAsync);
    }

    [Fact]
    public async Task Append_FullQueue_WaitsForRoom()
    {
        await using var store = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = File, QueueCapacity = 2 });
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (var i = 0; i < 100; i++)
                store.Append(Queued(Sweep, (t * 100) + i));
        })).ToList();
        threads.ForEach(t => t.Start());
        await Task.WhenAll(Enumerable.Range(4, 4).Select(t => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
                await store.AppendAsync(Queued(Sweep, (t * 100) + i));
        })));
        threads.ForEach(t => t.Join());
        await store.FlushAsync();

        Assert.Equal(800, (await store.FindSweepAsync("s1"))!.Value.Sweep.Counts.Queued);
    }

    [Fact]
    public async Task Write_DiskFull_FailsWithTheRemedyAndKeepsWhatWasCommitted()
    {
        await Store.RunAsync(Sweep, 0, objective: 1);
        await using var store = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = File, MaxPages = 60, QueueCapacity = 100_000 });
        var ends = new List<EndTold>();
        for (var i = 1; i < 2000; i++)
        {
            try
            {
                store.Append(Queued(Sweep, i));
                store.Append(Started(Sweep, i));
                var end = Ended(Sweep, i, objective: i);
                store.Append(end);
                ends.Add(end);
            }
            catch (StoreException)
            {
                break;
            }
        }

        var error = await Assert.ThrowsAsync<StoreException>(store.FlushAsync);
        Assert.Contains("full", error.Message, StringComparison.Ordinal);
        Assert.Contains("resume", error.Message, StringComparison.Ordinal);
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Throws<StoreException>(() => store.Append(Queued(Sweep, 5000)));
        await Assert.ThrowsAsync<StoreException>(() => store.CreateSweepAsync(StoreBuilders.Sweep("later")));

        // Each was told either way, and what was told as done is there.
        var told = await Task.WhenAll(ends.Select(e => e.Answer.Applied.ContinueWith(t => t.IsCompletedSuccessfully, TaskScheduler.Default)));
        Assert.False(told[^1]);
        var counts = (await store.FindSweepAsync("s1"))!.Value.Sweep.Counts;
        Assert.Equal(told.Count(ok => ok) + 1, counts.Completed);
        Assert.Equal(1, (await Store.FindRunAsync("s1", 0))!.Objective);
    }

    [Fact]
    public async Task Dispose_DatabaseHeldByAnother_GivesUpAfterTheGrace()
    {
        var store = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = File, DisposeGrace = TimeSpan.FromMilliseconds(1) });
        using var other = Connect(File);
        other.Execute("BEGIN IMMEDIATE");
        var end = Moved(Sweep, 0, RunState.Canceled);
        store.Append(end);

        await store.DisposeAsync();

        var error = await Assert.ThrowsAsync<StoreException>(() => end.Answer.Applied);
        Assert.Contains("Another process holds", error.Message, StringComparison.Ordinal);
        other.Execute("ROLLBACK");
    }

    [Fact]
    public async Task Write_DatabaseHeldByAnother_WaitsUntilItIsFree()
    {
        using var other = Connect(File);
        other.Execute("BEGIN IMMEDIATE");
        var run = Store.RunAsync(Sweep, 0, objective: 1);
        Assert.NotNull(await Store.FindSweepAsync("s1")); // reading goes on
        Assert.False(run.IsCompleted);
        other.Execute("COMMIT");

        Assert.True(await run);
    }

    private static string Check(string file)
    {
        using var connection = Connect(file);
        return connection.Query("PRAGMA integrity_check", r => r.GetString(0))[0];
    }

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }
}
