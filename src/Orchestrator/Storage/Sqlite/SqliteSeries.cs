using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// Reads series. That of an attempt which went on from a checkpoint is made of parts: what it took over stays where it was written, and its own
/// comes after. Nothing is copied, however often a run is resumed.
/// </summary>
internal static class SqliteSeries
{
    /// <summary>
    /// The parts of the runs' last attempts, as a table <c>parts (run, attempt, first, bound)</c>: the positions of an attempt from the first, below
    /// the bound. <c>$keys</c> are the runs. A run held by hand that was taken up again goes on where it stood: all its attempts add up.
    /// </summary>
    private const string Parts = """
        WITH RECURSIVE parts (run, held, attempt, first, bound, base, base_bound) AS (
          SELECT a.run, r.id IS NOT NULL, a.number, coalesce(a.base_points, 0), 9223372036854775807,
            CASE WHEN a.base_attempt IS NULL AND r.id IS NOT NULL THEN a.number - 1 ELSE a.base_attempt END, coalesce(a.base_points, 9223372036854775807)
          FROM json_each($keys) k CROSS JOIN runs r ON r.key = k.value CROSS JOIN attempts a ON a.run = r.key AND a.number = r.attempts
          UNION ALL
          SELECT a.run, p.held, a.number, coalesce(a.base_points, 0), p.base_bound,
            CASE WHEN a.base_attempt IS NULL AND p.held THEN a.number - 1 ELSE a.base_attempt END, coalesce(a.base_points, 9223372036854775807)
          FROM parts p CROSS JOIN attempts a ON a.run = p.run AND a.number = p.base
        )
        """;

    /// <summary>A part of a run's series.</summary>
    public readonly record struct Part(long Run, long Attempt, long First, long Bound);

    /// <summary>The parts of several runs' series: by run in the order of the keys, then in the order reported.</summary>
    public static List<Part> PartsOf(SqliteConnection connection, IReadOnlyList<long> runs) =>
        connection.Query(
            Parts + " SELECT run, attempt, first, bound FROM parts WHERE first < bound ORDER BY run, attempt",
            r => new Part(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3)),
            ("$keys", "[" + string.Join(',', runs) + "]"));

    /// <summary>Some values of the parts, in their order.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="parts">The parts, in order.</param>
    /// <param name="metric">Only this metric's values.</param>
    /// <param name="most">How many at most.</param>
    public static List<(long Run, long Position, MetricPoint Point)> Read(
        SqliteConnection connection, IEnumerable<Part> parts, string? metric, int most) =>
        connection.Query(
            // The order of the list is that of the rows: the outer loop of a CROSS JOIN walks it as it stands.
            """
            SELECT s.run, s.position, n.name, s.step, s.value, s.at
            FROM json_each($parts) p
              CROSS JOIN series s ON s.run = p.value ->> 0 AND s.attempt = p.value ->> 1 AND s.position >= p.value ->> 2 AND s.position < p.value ->> 3
              CROSS JOIN metric_names n ON n.id = s.metric
            WHERE $metric IS NULL OR n.name = $metric
            LIMIT $most
            """,
            r => (r.GetInt64(0), r.GetInt64(1), new MetricPoint(r.GetString(2), r.GetInt64(3), r.Number(4), r.Time(5))),
            ("$parts", "[" + string.Join(',', parts.Select(p => $"[{p.Run},{p.Attempt},{p.First},{p.Bound}]")) + "]"), ("$metric", metric), ("$most", most));

    /// <summary>What is left of the parts behind a value.</summary>
    public static List<Part> After(IEnumerable<Part> parts, long run, long position) =>
        [.. parts.SkipWhile(p => p.Run != run || p.Bound <= position).Select(p => p.Run == run && p.First <= position ? p with { First = position + 1 } : p).Where(p => p.First < p.Bound)];
}
