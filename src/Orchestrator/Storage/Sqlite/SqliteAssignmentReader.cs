using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Finds the best assignments: the database groups and sorts, and only the runs of those that are asked for are read.</summary>
internal sealed class SqliteAssignmentReader(SqliteReadPool pool)
{
    public Task<IReadOnlyList<AssignmentSummary>> BestAsync(string sweepId, int count, bool byMean, CancellationToken cancellationToken) =>
        pool.ReadAsync<IReadOnlyList<AssignmentSummary>>(connection => Best(connection, sweepId, count, byMean), cancellationToken);

    private static List<AssignmentSummary> Best(SqliteConnection connection, string sweepId, int count, bool byMean)
    {
        var found = connection.Query(
            "SELECT key, goal FROM sweeps WHERE id = $id", r => (Key: r.GetInt64(0), Goal: (MetricGoal)r.GetInt32(1)), ("$id", sweepId));
        if (found is not [var sweep] || count <= 0)
            return [];

        // An infinite objective is no result; the comparison also leaves out NULL and NaN (text, and so above every number).
        const string OfSweep = "key >= $first AND key < $end";
        const string Counts = "state = 3 AND objective BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308";
        const string Missing = "sum(state IN (4, 5)) > 0"; // failed, pruned: they ended, and are not in the mean
        ReadOnlySpan<(string, object?)> range = [("$first", new RunKey(sweep.Key, 0).Value), ("$end", new RunKey(sweep.Key + 1, 0).Value)];
        var best = connection.Query(
            $"""
            SELECT proposal FROM runs WHERE {OfSweep}
            GROUP BY proposal HAVING count(CASE WHEN {Counts} THEN 1 END) > 0
            ORDER BY {(byMean ? "" : Missing + ",")} avg(CASE WHEN {Counts} THEN objective END){(sweep.Goal == MetricGoal.Maximize ? " DESC" : "")}, proposal
            LIMIT $count
            """,
            r => r.GetInt64(0), [.. range, ("$count", count)]);
        var keys = connection.Query(
            $"SELECT key FROM runs WHERE {OfSweep} AND proposal IN (SELECT value FROM json_each($proposals)) ORDER BY key",
            r => r.GetInt64(0), [.. range, ("$proposals", "[" + string.Join(',', best) + "]")]);

        var runs = SqliteRunRows.ByKeys(connection, sweepId, keys).ToLookup(r => r.Proposal);
        return [.. best.Select(proposal => AssignmentSummary.Of([.. runs[proposal]]))];
    }
}
