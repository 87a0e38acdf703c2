using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Groups the fingerprints of failed attempts; only one run of each group that is asked for is read.</summary>
internal sealed class SqliteFailureReader(SqliteReadPool pool)
{
    public Task<FailureSummary> ReadAsync(string sweepId, int count, CancellationToken cancellationToken) =>
        pool.ReadAsync(connection => Read(connection, sweepId, count), cancellationToken);

    private static FailureSummary Read(SqliteConnection connection, string sweepId, int count)
    {
        if (SqliteSweepReader.KeyOf(connection, sweepId) is not { } sweep)
            return FailureSummary.None;
        var groups = connection.Query(
            """
            SELECT f.fingerprint, count(*), min(f.run), count(*) OVER ()
            FROM failures f CROSS JOIN runs r ON r.key = f.run
            WHERE f.run >= $first AND f.run < $end AND r.state = 4 AND r.attempts = f.attempt
            GROUP BY f.fingerprint ORDER BY 2 DESC, 3 LIMIT $count
            """,
            r => (Fingerprint: r.GetString(0), Count: r.GetInt64(1), Run: r.GetInt64(2), Kinds: r.GetInt32(3)),
            ("$first", new RunKey(sweep, 0).Value), ("$end", new RunKey(sweep + 1, 0).Value), ("$count", count));
        if (groups.Count == 0)
            return FailureSummary.None;

        var runs = SqliteRunRows.ByKeys(connection, sweepId, [.. groups.Select(g => g.Run)]).ToDictionary(r => r.Number);
        return new(
            [.. groups.Select(g => (Group: g, Run: runs[new RunKey(g.Run).Number]))
                .Select(g => new FailureGroup(g.Group.Fingerprint, g.Group.Count, g.Run.Failure!, g.Run.Id, g.Run.Number))],
            groups[0].Kinds);
    }
}
