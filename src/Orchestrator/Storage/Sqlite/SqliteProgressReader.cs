using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// Reads where a sweep stands: the tallies at once, then the open runs in one walk over the sweep's runs. What it keeps depends on the
/// open runs alone.
/// </summary>
internal sealed class SqliteProgressReader(SqliteReadPool pool)
{
    private const string Open = "state IN (0, 1, 2, 6)";
    private const string OfSweep = "key >= $first AND key < $end";

    public Task<SweepProgress> ReadAsync(long sweep, CancellationToken cancellationToken) =>
        pool.ReadAsync(connection => Read(connection, sweep), cancellationToken);

    private static SweepProgress Read(SqliteConnection connection, long sweep)
    {
        ReadOnlySpan<(string, object?)> range = [("$first", new RunKey(sweep, 0).Value), ("$end", new RunKey(sweep + 1, 0).Value)];
        var found = connection.Query("""
            SELECT t.queued, t.running, t.paused, t.completed, t.failed, t.pruned, t.canceled, t.consecutive_failures, t.best_objective,
                   s.elapsed_seconds, CASE WHEN s.ended_at IS NULL THEN s.started_at END
            FROM tallies t JOIN sweeps s ON s.key = t.sweep
            WHERE t.sweep = $sweep
            """,
            r => (Counts: SqliteSweepReader.CountsAt(r, 0), Failures: r.GetInt32(7), Best: r.NumberOrNull(8), Elapsed: r.GetDouble(9), Begun: r.IntegerOrNull(10)),
            ("$sweep", sweep));
        if (found is not [var tally])
            throw new StoreException($"There is no sweep with the key {sweep}.");

        var last = connection.Query(
            $"SELECT key FROM runs WHERE {OfSweep} ORDER BY key DESC LIMIT 1", r => new RunKey(r.GetInt64(0)), range);
        var anyOpen = tally.Counts.Queued + tally.Counts.Running + tally.Counts.Paused + tally.Counts.Canceled > 0;
        return new()
        {
            NextNumber = last is [var run] ? run.Number + 1 : 0,
            Counts = tally.Counts,
            ConsecutiveFailures = tally.Failures,
            Open = anyOpen ? OpenRuns(connection, range) : [],
            BestObjective = tally.Best,
            ElapsedSeconds = tally.Elapsed,
            SeenSeconds = Math.Max(tally.Elapsed, tally.Begun is { } begun && tally.Counts.Running > 0 ? Seen(connection, sweep, range, begun) : 0),
        };
    }

    /// <summary>Of a first execution: from its beginning to the last event, or value of a running run, whichever is later.</summary>
    private static double Seen(SqliteConnection connection, long sweep, ReadOnlySpan<(string, object?)> range, long begun)
    {
        var lastEvent = connection.Query("SELECT at FROM events WHERE sweep = $sweep ORDER BY sequence DESC LIMIT 1", r => r.GetInt64(0), ("$sweep", sweep));
        var lastValue = connection.Query(
            $"""
            SELECT max((SELECT s.at FROM series s WHERE s.run = r.key AND s.attempt = r.attempts ORDER BY s.position DESC LIMIT 1))
            FROM runs r WHERE {OfSweep} AND r.state = 1
            """,
            r => r.IntegerOrNull(0) ?? 0,
            range);
        return TimeSpan.FromTicks(Math.Max(0, lastEvent.Concat(lastValue).Max() - begun)).TotalSeconds;
    }

    private static List<OpenRun> OpenRuns(SqliteConnection connection, ReadOnlySpan<(string, object?)> range) =>
        connection.Query(
            $"SELECT key, proposal, replicate, seed, state, attempts, parameters, name, forgiven FROM runs WHERE {OfSweep} AND {Open} ORDER BY key",
            r => new OpenRun(
                new RunKey(r.GetInt64(0)).Number, r.GetInt64(1), r.GetInt32(2), r.GetInt64(3), (RunState)r.GetInt32(4), r.GetInt32(5),
                ParameterSet.FromJson(r.GetString(6)), r.GetString(7)) { Forgiven = r.GetInt32(8) },
            range);
}
