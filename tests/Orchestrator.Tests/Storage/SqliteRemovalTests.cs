using Microsoft.Data.Sqlite;
using Orchestrator.Storage;
using Orchestrator.Storage.Sqlite;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

/// <summary>Nothing of a removed sweep stays in the file.</summary>
public sealed class SqliteRemovalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-removal-").FullName;

    private string Database => Path.Combine(_folder, "test.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task DeleteSweep_LeavesNoRowOfItInAnyTable()
    {
        await using var store = await FilledAsync();
        await store.DeleteSweepAsync("s1");
        Assert.All(SqliteSweepRemover.Tables, t => Assert.Equal(0, Count(t, sweep: 1)));
        Assert.All(["runs", "attempts", "series", "run_metrics", "events", "sweep_tags", "tallies"], name =>
            Assert.True(Count(SqliteSweepRemover.Tables.Single(t => t.Table == name), sweep: 2) > 0, name));
    }

    [Fact]
    public void Tables_OfTheRemoval_AreAllThatBelongToASweep()
    {
        using (var connection = Open())
            SqliteMigrations.Apply(connection, SqliteMigrations.All, new SqliteBackoff(TimeProvider.System, 1));
        using var again = Open();
        var tables = again.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name", r => r.GetString(0));
        Assert.Equal(tables.Except(["sweeps", "metric_names", "event_sequence", "environments"]), SqliteSweepRemover.Tables.Select(t => t.Table).Order());
    }

    [Fact]
    public async Task DeleteSweep_AfterACrashInTheMiddleOfAnother_RemovesWhatThatLeft()
    {
        await using var store = await FilledAsync();
        using (var connection = Open())
            connection.Query("DELETE FROM sweeps WHERE key = 1 RETURNING key", r => r.GetInt64(0)); // the first commit of a removal, and no other
        await store.CreateSweepAsync(Sweep("s3"));

        await store.DeleteSweepAsync("s3");

        Assert.All(SqliteSweepRemover.Tables, t => Assert.Equal(0, Count(t, sweep: 1)));
        Assert.NotNull(await store.FindRunAsync("s2", 0));
    }

    private async Task<SqliteSweepStore> FilledAsync()
    {
        var store = await SqliteSweepStore.OpenAsync(new SqliteStoreOptions { DatabaseFile = Database });
        foreach (var id in new[] { "s1", "s2" })
        {
            var key = await store.CreateSweepAsync(Sweep(id) with { Tags = ["t"], Attributes = new Dictionary<string, ParameterValue> { ["a"] = 1 } });
            var reports = new ReportBuffer(new(key, 0), 1);
            reports.Append([new("loss", 0, 1, At(1))]);
            await store.RunAsync(key, 0, reports: reports);
        }

        return store;
    }

    private long Count((string Table, string Column, int Shift) table, long sweep)
    {
        using var connection = Open();
        return connection.Query($"SELECT count(*) FROM {table.Table} WHERE {table.Column} >> {table.Shift} = $sweep", r => r.GetInt64(0), ("$sweep", sweep))[0];
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }
}
