using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Finds the best assignments: the database groups and sorts, and only the runs of those that are asked for are read.</summary>
internal sealed class SqliteAssignmentReader(SqliteReadPool pool)
{
    public Task<IReadOnlyList<AssignmentSummary>> BestAsync(string sweepId, int count, CancellationToken cancellationToken) =>
        pool.ReadAsync<IReadOnlyList<AssignmentSummary>>(connection => Best(connection, sweepId, count), cancellationToken);

    private static List<AssignmentSummary> Best(SqliteConnection connection, string sweepId, int count)
    {
        var found = connection.Query(
            "SELECT key, goal FROM sweeps WHERE id = $id", r => (Key: r.GetInt64(0), Goal: (MetricGoal)r.GetInt32(1)), ("$id", sweepId));
        if (found is not [var sweep] || count <= 0)
            return [];

        // An infinite objective is no result; the comparison also leaves out NULL and NaN (text, and so above every number).
        const string OfSweep = "key >= $first AND key < $end AND state = 3 "
            + "AND objective BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308";
        ReadOnlySpan<(string, object?)> range = [("$first", new RunKey(sweep.Key, 0).Value), ("$end", new RunKey(sweep.Key + 1, 0).Value)];
        var best = connection.Query(
            $"""
            SELECT proposal FROM runs WHERE {OfSweep}
            GROUP BY proposal ORDER BY avg(objective){(sweep.Goal == MetricGoal.Maximize ? " DESC" : "")}, proposal
            LIMIT $count
            """,
            r => r.GetInt64(0), [.. range, ("$count", count)]);
        var keys = connection.Query(
            $"SELECT key FROM runs WHERE {OfSweep} AND proposal IN (SELECT value FROM json_each($proposals)) ORDER BY key",
            r => r.GetInt64(0), [.. range, ("$proposals", "[" + string.Join(',', best) + "]")]);

        var runs = SqliteRunRows.ByKeys(connection, sweepId, keys).ToLookup(r => r.Proposal);
        return [.. best.Select(proposal => Summarize(proposal, [.. runs[proposal]]))];
    }

    private static AssignmentSummary Summarize(long proposal, RunRecord[] runs)
    {
        var (mean, deviation) = MeanAndDeviation([.. runs.Select(r => r.Objective!.Value)]);
        // By the first run's order; of a metric that only some of the runs reported, the mean over those.
        var metrics = runs.SelectMany(r => r.Metrics.Keys).Distinct(StringComparer.Ordinal).ToDictionary(
            name => name,
            name => MeanAndDeviation([.. runs.Where(r => r.Metrics.ContainsKey(name)).Select(r => r.Metrics[name])]),
            StringComparer.Ordinal);
        return new(
            proposal,
            runs[0].Parameters,
            runs.Length,
            mean,
            deviation,
            metrics.ToDictionary(m => m.Key, m => m.Value.Mean, StringComparer.Ordinal),
            metrics.ToDictionary(m => m.Key, m => m.Value.Deviation, StringComparer.Ordinal));
    }

    /// <summary>In two passes: sums of squares lose all digits where the values are large and close together.</summary>
    private static (double Mean, double Deviation) MeanAndDeviation(double[] values)
    {
        var mean = values.Average();
        return (mean, values.Length < 2 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)));
    }
}
