using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Groups failures in the index of failed attempts; only one run of each group that is asked for is read.</summary>
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
            SELECT a.failure ->> '$.fingerprint' AS fingerprint, count(*), min(a.run), count(*) OVER ()
            FROM attempts a INDEXED BY attempts_failures CROSS JOIN runs r ON r.key = a.run
            WHERE a.failure IS NOT NULL AND a.run >> 32 = $sweep AND r.state = 4 AND r.attempts = a.number
            GROUP BY fingerprint ORDER BY 2 DESC, 3 LIMIT $count
            """,
            r => (Fingerprint: r.GetString(0), Count: r.GetInt64(1), Run: r.GetInt64(2), Kinds: r.GetInt32(3)),
            ("$sweep", sweep), ("$count", count));
        if (groups.Count == 0)
            return FailureSummary.None;

        var runs = SqliteRunRows.ByKeys(connection, sweepId, [.. groups.Select(g => g.Run)]).ToDictionary(r => r.Number);
        return new(
            [.. groups.Select(g => (Group: g, Run: runs[new RunKey(g.Run).Number]))
                .Select(g => new FailureGroup(g.Group.Fingerprint, g.Group.Count, g.Run.Failure!, g.Run.Id, g.Run.Number))],
            groups[0].Kinds);
    }
}
