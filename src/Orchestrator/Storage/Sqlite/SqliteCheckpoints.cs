using System.Text.Json;
using Microsoft.Data.Sqlite;
using Orchestrator.Experiments.Checkpoints;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Stores which checkpoints of a run count. Used by the writer, inside a transaction.</summary>
internal sealed class SqliteCheckpoints(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _insert = new(database, """
        INSERT INTO checkpoints (run, number, attempt, step, path, bytes, sha256, at, points, metrics, keep_every, keep_completed)
        VALUES (?1, (SELECT coalesce(max(number) + 1, 0) FROM checkpoints WHERE run = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """);

    private readonly SqliteStatement _delete = new(database, "DELETE FROM checkpoints WHERE run = ?1 AND path = ?2");

    public void Store(CheckpointSaved saved)
    {
        var (note, taken) = saved.Checkpoint;
        _insert.Bind(1, saved.Run.Value);
        _insert.Bind(2, saved.Attempt);
        _insert.Bind(3, note.Step);
        _insert.Bind(4, note.Path);
        _insert.Bind(5, note.Bytes);
        _insert.Bind(6, note.Sha256);
        _insert.Bind(7, note.At);
        _insert.Bind(8, taken.Points);
        _insert.Bind(9, JsonSerializer.Serialize(new(taken.Summaries), StoreJson.Default.DictionaryStringMetricSummary));
        _insert.Bind(10, note.KeepEvery);
        _insert.Bind(11, note.KeepCompleted);
        _insert.Run();
        Remove(saved.Run, note.Superseded);
    }

    public void Remove(RunKey run, IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
            return;
        _delete.Bind(1, run.Value);
        foreach (var path in paths)
        {
            _delete.Bind(2, path);
            _delete.Run();
        }
    }

    public static IReadOnlyList<StoredCheckpoint> Of(SqliteConnection connection, long run) =>
        connection.Query(
            """
            SELECT attempt, step, path, bytes, sha256, at, points, metrics, keep_every, keep_completed
            FROM checkpoints WHERE run = $run ORDER BY number DESC
            """,
            r => new StoredCheckpoint(
                new CheckpointNote(r.GetInt64(1), r.GetString(2), r.GetInt64(3), r.GetString(4), r.Time(5))
                {
                    KeepEvery = r.GetInt64(8),
                    KeepCompleted = r.GetInt32(9),
                },
                new ReportBase(
                    r.GetInt32(0), r.GetInt64(6), r.GetInt64(1),
                    [.. JsonSerializer.Deserialize(r.GetString(7), StoreJson.Default.DictionaryStringMetricSummary)!])),
            ("$run", run));

    public void Dispose()
    {
        _insert.Dispose();
        _delete.Dispose();
    }
}
