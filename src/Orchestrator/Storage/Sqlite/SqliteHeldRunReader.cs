using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Reads runs that are held by hand, and what is kept with any run beside its record.</summary>
internal sealed class SqliteHeldRunReader(SqliteReadPool pool)
{
    public Task<RunRecord?> FindAsync(string id, CancellationToken cancellationToken) => pool.ReadAsync(
        connection => connection.Query(
            "SELECT r.key, s.id FROM runs r CROSS JOIN sweeps s ON s.key = r.key >> 32 WHERE r.id = $id",
            r => (Key: r.GetInt64(0), Sweep: r.GetString(1)),
            ("$id", id)) is [var found]
            ? SqliteRunRows.ByKeys(connection, found.Sweep, [found.Key]).FirstOrDefault()
            : null,
        cancellationToken);

    public Task<IReadOnlyList<HeldRun>> RunningAsync(CancellationToken cancellationToken) => pool.ReadAsync<IReadOnlyList<HeldRun>>(
        connection => connection.Query(
            """
            SELECT r.key, r.id, r.attempts, a.session
            FROM runs r INDEXED BY runs_held CROSS JOIN attempts a ON a.run = r.key AND a.number = r.attempts
            WHERE r.state = 1 AND r.id IS NOT NULL
            """,
            r => new HeldRun(new RunKey(r.GetInt64(0)), r.GetString(1), r.GetInt32(2), r.TextOrNull(3) ?? "")),
        cancellationToken);

    public Task<RunDetails?> DetailsAsync(string sweepId, long number, CancellationToken cancellationToken) => pool.ReadAsync(
        connection => SqliteHistoryReader.RunOf(connection, sweepId, number) is { } run ? Details(connection, run) : null, cancellationToken);

    private static RunDetails? Details(SqliteConnection connection, long run)
    {
        if (connection.Query("SELECT attempts FROM runs WHERE key = $run", r => r.GetInt64(0), ("$run", run)) is not [var attempt])
            return null;
        return new RunDetails
        {
            Metrics = connection.Query(
                """
                SELECT n.name, m.count, m.last, m.last_step, m.min, m.max, m.sum
                FROM run_metrics m CROSS JOIN metric_names n ON n.id = m.metric WHERE m.run = $run ORDER BY m.metric
                """,
                r => KeyValuePair.Create(r.GetString(0), new MetricSummary(r.GetInt64(1), r.Number(2), r.GetInt64(3), r.Number(4), r.Number(5), r.Number(6))),
                ("$run", run)).ToDictionary(StringComparer.Ordinal),
            Artifacts = connection.Query(
                "SELECT name, path, bytes, sha256, at FROM artifacts WHERE run = $run ORDER BY name",
                r => new ArtifactNote(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetString(3), r.Time(4)),
                ("$run", run)),
            Tasks = connection.Query(
                "SELECT number, name, started_at, ended_at, failure FROM tasks WHERE run = $run AND attempt = $attempt ORDER BY number",
                r => new TaskNote(r.GetInt32(0), r.GetString(1), r.Time(2), r.TimeOrNull(3), SqliteRunRows.FailureOf(r, 4), r.TimeOrNull(3) ?? r.Time(2)),
                ("$run", run), ("$attempt", attempt)),
            Environment = connection.Query(
                "SELECT e.content FROM attempts a JOIN environments e ON e.id = a.environment WHERE a.run = $run AND a.number = $attempt",
                r => r.GetString(0),
                ("$run", run), ("$attempt", attempt)).FirstOrDefault(),
        };
    }
}
