using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Orchestrator.Storage.Sqlite;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public sealed class SqliteMigrationTests : IDisposable
{
    private static readonly SqliteMigration Next = new(
        SqliteMigrations.All[^1].Version + 1, "ALTER TABLE runs ADD COLUMN note TEXT; UPDATE runs SET note = 'from ' || name;");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchestrator-store-");

    private string DatabaseFile => Path.Combine(_folder.FullName, "orchestrator.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Open_DatabaseOfVersion1_ReadsAllOfIt()
    {
        Unpack("store-v1.db.gz");
        await using var store = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile });

        var (key, sweep) = (await store.FindSweepAsync("20260301-120000-v1"))!.Value;
        Assert.Equal(("digits", SweepState.Stopped, 0.99, 27L), (sweep.Name, sweep.State, sweep.Metric.Target, sweep.PlannedRuns));
        Assert.Equal(new RunCounts(Queued: 1, Completed: 1, Failed: 1), sweep.Counts);
        Assert.Equal((1, double.PositiveInfinity), (sweep.Best!.Number, sweep.Best.Metrics["odd"]));
        Assert.Equal(2, (await store.AttemptsAsync(sweep.Id, 1)).Count);
        Assert.Equal([double.NaN, 0.5], (await store.SeriesAsync(sweep.Id, 1, "loss").ToListAsync()).Select(p => p.Value));
        Assert.Equal(FailureKind.OutOfMemory, (await store.FindRunAsync(sweep.Id, 0))!.Failure!.Kind);
        Assert.True(await store.RunAsync(key, 3, objective: 1));
    }

    [Fact]
    public async Task Open_OlderDatabase_IsMigratedAndKeepsItsRows()
    {
        Unpack("store-v1.db.gz");
        await using (await SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile, Migrations = [.. SqliteMigrations.All, Next] }))
        {
        }

        using var connection = Connect();
        Assert.Equal(Next.Version, connection.Query("PRAGMA user_version", r => r.GetInt64(0))[0]);
        Assert.Equal(["from a", "from b", "from c"], connection.Query("SELECT note FROM runs ORDER BY key", r => r.GetString(0)));
    }

    [Fact]
    public async Task Open_MigrationFails_LeavesTheDatabaseAsItWas()
    {
        Unpack("store-v1.db.gz");
        var broken = Next with { Sql = "ALTER TABLE runs ADD COLUMN note TEXT; INSERT INTO nowhere VALUES (1);" };

        await Assert.ThrowsAsync<StoreException>(
            () => SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile, Migrations = [.. SqliteMigrations.All, broken] }));

        await using var store = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile, Migrations = [.. SqliteMigrations.All, Next] });
        Assert.NotNull(await store.FindRunAsync("20260301-120000-v1", 1));
    }

    [Fact]
    public async Task Open_MigrationFailsAndIsRolledBackBySqlite_SaysTheFirstCause()
    {
        Unpack("store-v1.db.gz");
        var broken = Next with { Sql = "ROLLBACK; INSERT INTO nowhere VALUES (1);" }; // as a full disk does

        var error = await Assert.ThrowsAsync<StoreException>(
            () => SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile, Migrations = [.. SqliteMigrations.All, broken] }));

        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NewerDatabase_IsRefusedAndLeftAsItIs()
    {
        await using (await SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile, Migrations = [.. SqliteMigrations.All, Next] }))
        {
        }

        var bytes = await File.ReadAllBytesAsync(DatabaseFile);
        var error = await Assert.ThrowsAsync<StoreException>(() => SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile }));

        Assert.Contains("newer version", error.Message, StringComparison.Ordinal);
        Assert.Contains("Update Orchestrator", error.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(DatabaseFile));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_NotADatabase_IsRefusedAndKeepsItsBytes(bool damaged)
    {
        byte[] bytes = [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 31))];
        if (damaged)
        {
            Unpack("store-v1.db.gz");
            var whole = await File.ReadAllBytesAsync(DatabaseFile);
            bytes = [.. whole[..100], .. bytes]; // a header of ours, then rubbish
        }

        await File.WriteAllBytesAsync(DatabaseFile, bytes);
        var error = await Assert.ThrowsAsync<StoreException>(() => SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile }));

        Assert.Contains(DatabaseFile, error.Message, StringComparison.Ordinal);
        Assert.Contains("left as it is", error.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(DatabaseFile));
    }

    [Fact]
    public async Task Open_DatabaseOfAnotherProgram_IsRefusedAndKeepsItsBytes()
    {
        using (var connection = Connect())
            connection.Execute("CREATE TABLE other (x); INSERT INTO other VALUES (1);");
        var bytes = await File.ReadAllBytesAsync(DatabaseFile);

        var error = await Assert.ThrowsAsync<StoreException>(() => SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile }));

        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(DatabaseFile));
    }

    [Fact]
    public async Task Open_ManyAtOnceOnANewFile_AllSucceed()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SqliteSweepStore.OpenAsync(new() { DatabaseFile = DatabaseFile, JitterSeed = i })));
        var keys = await Task.WhenAll(stores.Select((store, i) => store.CreateSweepAsync(Sweep("s" + i))));
        foreach (var store in stores)
            await store.DisposeAsync();

        Assert.Equal(8, keys.Distinct().Count());
    }

    [Fact]
    public async Task Check_WhileAnotherMakesTheTables_NeverTakesItForAnotherProgram()
    {
        for (var round = 0; round < 20; round++)
        {
            var file = Path.Combine(_folder.FullName, $"{round}.db");
            using var maker = Connect(file);
            maker.Execute("PRAGMA journal_mode = WAL");
            var making = Task.Run(
                () =>
                {
                    using var backoff = new SqliteBackoff(TimeProvider.System, 0);
                    SqliteMigrations.Apply(maker, SqliteMigrations.All, backoff);
                },
                TestContext.Current.CancellationToken);
            using var looker = Connect(file);
            do
            {
                SqliteMigrations.Check(looker, SqliteMigrations.All);
            }
            while (!making.IsCompleted);
            await making;
        }
    }

    [Fact]
    public async Task Open_FolderIsAFile_SaysSo()
    {
        await File.WriteAllTextAsync(DatabaseFile, "x");

        var error = await Assert.ThrowsAsync<StoreException>(
            () => SqliteSweepStore.OpenAsync(new() { DatabaseFile = Path.Combine(DatabaseFile, "below", "orchestrator.db") }));
        Assert.Contains("orchestrator.db", error.Message, StringComparison.Ordinal);
    }

    private SqliteConnection Connect(string? file = null)
    {
        var connection = new SqliteConnection($"Data Source={file ?? DatabaseFile};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Unpack(string fixture)
    {
        using var packed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Storage", "Fixtures", fixture));
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var target = File.Create(DatabaseFile);
        unpacked.CopyTo(target);
    }
}
