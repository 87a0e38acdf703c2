using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// Reads series. That of an attempt which went on from where another stood is made of parts: what it took over stays where it was written, and its
/// own comes after. Nothing is copied, however often a run is resumed.
/// </summary>
internal static class SqliteSeries
{
    /// <summary>
    /// The parts of the runs' last attempts, as a table <c>parts (run, attempt, first, bound)</c>: the positions of an attempt from the first, below
    /// the bound. <c>$keys</c> are the runs; <c>$attempt</c> is another attempt than the last. A run held by hand that was taken up again goes on
    /// where it stood: all its attempts add up.
    /// </summary>
    private const string Parts = """
        WITH RECURSIVE parts (run, held, attempt, first, bound, base, base_bound) AS (
          SELECT a.run, r.id IS NOT NULL, a.number, coalesce(a.base_points, 0), 9223372036854775807,
            CASE WHEN a.base_attempt IS NULL AND r.id IS NOT NULL THEN a.number - 1 ELSE a.base_attempt END, coalesce(a.base_points, 9223372036854775807)
          FROM json_each($keys) k CROSS JOIN runs r ON r.key = k.value CROSS JOIN attempts a ON a.run = r.key AND a.number = coalesce($attempt, r.attempts)
          UNION ALL
          SELECT a.run, p.held, a.number, coalesce(a.base_points, 0), p.base_bound,
            CASE WHEN a.base_attempt IS NULL AND p.held THEN a.number - 1 ELSE a.base_attempt END, coalesce(a.base_points, 9223372036854775807)
          FROM parts p CROSS JOIN attempts a ON a.run = p.run AND a.number = p.base
        )
        """;

    /// <summary>A part of a run's series.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Attempt">The attempt that reported it.</param>
    /// <param name="First">The position of its first value.</param>
    /// <param name="Bound">The position behind its last value.</param>
    /// <param name="Replaced">By metric, the step from which on later attempts have reported the values anew; <see langword="null"/>: none.</param>
    public readonly record struct Part(long Run, long Attempt, long First, long Bound, IReadOnlyDictionary<long, long>? Replaced = null);

    /// <summary>The values of a page, and what is left to read behind it.</summary>
    public readonly record struct Page(IReadOnlyList<(long Run, int Attempt, MetricPoint Point, long Position)> Points, IReadOnlyList<Part> Left);

    /// <summary>The parts of several runs' series: by run in the order of the keys, then in the order reported.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="runs">The runs' keys.</param>
    /// <param name="attempt">The attempt whose series it is; <see langword="null"/>: the last one.</param>
    public static List<Part> PartsOf(SqliteConnection connection, IReadOnlyList<long> runs, int? attempt = null)
    {
        var keys = "[" + string.Join(',', runs) + "]";
        var parts = connection.Query(
            Parts + " SELECT run, attempt, first, bound FROM parts ORDER BY run, attempt",
            r => new Part(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3)),
            ("$keys", keys), ("$attempt", attempt));
        var replaced = connection.Query(
            "SELECT s.run, s.attempt, s.metric, s.step FROM json_each($keys) k CROSS JOIN series_replaced s ON s.run = k.value",
            r => (Run: r.GetInt64(0), Attempt: r.GetInt64(1), Metric: r.GetInt64(2), Step: r.GetInt64(3)),
            ("$keys", keys));
        if (replaced.Count == 0)
            return [.. parts.Where(p => p.First < p.Bound)];
        // Only what an attempt of the same series said: another may have gone on from the same place.
        var attempts = parts.Select(p => (p.Run, p.Attempt)).ToHashSet();
        return [.. parts.Where(p => p.First < p.Bound).Select(p => p with
        {
            Replaced = replaced.Where(r => r.Run == p.Run && r.Attempt > p.Attempt && attempts.Contains((r.Run, r.Attempt)))
                .GroupBy(r => r.Metric, r => r.Step).ToDictionary(g => g.Key, g => g.Min()),
        })];
    }

    /// <summary>Some values of the parts, in their order.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="parts">The parts, in order.</param>
    /// <param name="metric">Only this metric's values.</param>
    /// <param name="most">How many at most.</param>
    public static Page Read(SqliteConnection connection, IReadOnlyList<Part> parts, string? metric, int most)
    {
        var rows = connection.Query(
            // The order of the list is that of the rows: the outer loop of a CROSS JOIN walks it as it stands.
            """
            SELECT s.run, s.position, n.name, s.step, s.value, s.at, p.key, s.metric
            FROM json_each($parts) p
              CROSS JOIN series s ON s.run = p.value ->> 0 AND s.attempt = p.value ->> 1 AND s.position >= p.value ->> 2 AND s.position < p.value ->> 3
              CROSS JOIN metric_names n ON n.id = s.metric
            WHERE $metric IS NULL OR n.name = $metric
            LIMIT $most
            """,
            r => (Part: r.GetInt32(6), Metric: r.GetInt64(7), Position: r.GetInt64(1), Point: new MetricPoint(r.GetString(2), r.GetInt64(3), r.Number(4), r.Time(5))),
            ("$parts", "[" + string.Join(',', parts.Select(p => $"[{p.Run},{p.Attempt},{p.First},{p.Bound}]")) + "]"), ("$metric", metric), ("$most", most));
        return new Page(
            [.. rows.Where(r => parts[r.Part].Replaced is not { } replaced || !replaced.TryGetValue(r.Metric, out var step) || r.Point.Step < step)
                .Select(r => (parts[r.Part].Run, (int)parts[r.Part].Attempt, r.Point, r.Position))],
            rows.Count < most ? [] : After(parts, rows[^1].Part, rows[^1].Position));
    }

    /// <summary>The newest attempt before one that has a series; <see langword="null"/>: there is none.</summary>
    public static int? AttemptBefore(SqliteConnection connection, long run, int attempt) =>
        (int?)connection.Query(
            """
            SELECT max(a.number) FROM attempts a
            WHERE a.run = $run AND a.number < $attempt
              AND (a.base_attempt IS NOT NULL OR EXISTS (SELECT 1 FROM series s WHERE s.run = a.run AND s.attempt = a.number))
            """,
            r => r.IntegerOrNull(0), ("$run", run), ("$attempt", attempt))[0];

    private static List<Part> After(IReadOnlyList<Part> parts, int part, long position) =>
        [.. parts.Skip(part).Select((p, i) => i == 0 ? p with { First = position + 1 } : p).Where(p => p.First < p.Bound)];
}
