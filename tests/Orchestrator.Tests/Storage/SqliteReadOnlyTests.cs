using Orchestrator.Storage.Sqlite;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

/// <summary>A database that is looked at where nothing may be written.</summary>
public sealed class SqliteReadOnlyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchestrator #1 100%41");

    private string DatabaseFile => Path.Combine(_folder.FullName, "orchestrator.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task OpenReadOnly_ClosedDatabase_ReadsAll_MakesNothing_AndRefusesEveryWrite()
    {
        long key;
        await using (var writer = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile }))
        {
            key = await writer.CreateSweepAsync(Sweep());
            await writer.RunAsync(key, 0, objective: 0.25);
        }

        await using (var store = await SqliteSweepStore.OpenReadOnlyAsync(new() { DatabaseFile = DatabaseFile }))
        {
            Assert.True(store.IsReadOnly);
            Assert.Equal(0.25, (await store.FindRunAsync("s1", 0))!.Objective);
            var error = await Assert.ThrowsAsync<StoreException>(() => store.CreateSweepAsync(Sweep("s2")));
            Assert.Contains("may not be written", error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<StoreException>(store.FlushAsync);
            Assert.Throws<StoreException>(() => store.Append(Queued(key, 1)));
        }

        Assert.Equal(["orchestrator.db"], _folder.GetFiles().Select(f => f.Name));
    }

    [Fact]
    public async Task OpenReadOnly_WhileAnotherWrites_ReadsWhatIsCommitted()
    {
        await using var writer = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile });
        var key = await writer.CreateSweepAsync(Sweep());
        await using var store = await SqliteSweepStore.OpenReadOnlyAsync(new() { DatabaseFile = DatabaseFile });

        Assert.Null(await store.FindRunAsync("s1", 0));
        await writer.RunAsync(key, 0, objective: 0.25);
        Assert.Equal(0.25, (await store.FindRunAsync("s1", 0))!.Objective);
    }

    [Fact]
    public async Task OpenReadOnly_LogWithoutItsIndex_SaysWhatToDoInsteadOfHidingTheLastChanges()
    {
        await using (var writer = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile }))
        {
            await writer.CreateSweepAsync(Sweep());
            Directory.CreateDirectory(Path.Combine(_folder.FullName, "copy"));
            foreach (var end in (string[])["", "-wal"])
                File.Copy(DatabaseFile + end, Path.Combine(_folder.FullName, "copy", "orchestrator.db" + end));
        }

        var error = await Assert.ThrowsAsync<StoreException>(
            () => SqliteSweepStore.OpenReadOnlyAsync(new() { DatabaseFile = Path.Combine(_folder.FullName, "copy", "orchestrator.db") }));
        Assert.Contains("Copy the home folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenReadOnly_OlderSchema_SaysThatItCannotBeBroughtUpToDate()
    {
        await using (await SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile }))
        {
        }

        var next = new SqliteMigration(SqliteMigrations.All[^1].Version + 1, "SELECT 1");
        var error = await Assert.ThrowsAsync<StoreException>(
            () => SqliteSweepStore.OpenReadOnlyAsync(new() { DatabaseFile = DatabaseFile, Migrations = [.. SqliteMigrations.All, next] }));
        Assert.Contains("older version", error.Message, StringComparison.Ordinal);
    }
}
