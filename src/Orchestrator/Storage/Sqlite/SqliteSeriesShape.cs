using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Reads the shape of a series: the extremes of its stretches, found in the database, so that few rows leave it.</summary>
internal sealed class SqliteSeriesShape(SqliteReadPool pool)
{
    /// <summary>How many values are looked at. A longer series is looked at in chunks with gaps between them.</summary>
    private const long MostRead = 50_000;

    private const long Chunk = 500;

    /// <summary>Beside min and max, SQLite takes the other columns from the row that holds the extreme.</summary>
    private const string Extremes = """
        SELECT s.metric, s.position + w.shift AS place, s.step, EXTREME(s.value) AS value, s.at
        FROM windows w CROSS JOIN series s ON s.run = $run AND s.attempt = w.attempt AND s.position >= w.first AND s.position < w.bound
        WHERE typeof(s.value) = 'real' AND abs(s.value) <= 1.7976931348623157e308
          AND (w.replaced IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(w.replaced) x WHERE x.value ->> 0 = s.metric AND x.value ->> 1 <= s.step))
        GROUP BY s.metric, (s.position + w.shift) * $stretches / $length
        """;

    private static readonly string Shape = $"""
        WITH windows AS MATERIALIZED (
          SELECT value ->> 0 AS attempt, value ->> 1 AS first, value ->> 2 AS bound, value ->> 3 AS shift, value -> 4 AS replaced FROM json_each($windows))
        SELECT n.name, e.step, e.value, e.at FROM ({Of("min")} UNION {Of("max")}) e JOIN metric_names n ON n.id = e.metric ORDER BY e.metric, e.place
        """;

    public Task<IReadOnlyList<MetricPoint>> ReadAsync(string sweepId, long number, int stretches, CancellationToken cancellationToken) =>
        pool.ReadAsync<IReadOnlyList<MetricPoint>>(connection => Read(connection, sweepId, number, stretches), cancellationToken);

    private static List<MetricPoint> Read(SqliteConnection connection, string sweepId, long number, int stretches)
    {
        if (SqliteHistoryReader.RunOf(connection, sweepId, number) is not { } run)
            return [];
        var parts = SqliteSeries.PartsOf(connection, [run]).ConvertAll(part => part with { Bound = Math.Min(part.Bound, EndOf(connection, part)) });
        var length = parts.Sum(Length);
        return length == 0
            ? []
            : connection.Query(
                Shape,
                r => new MetricPoint(r.GetString(0), r.GetInt64(1), r.GetDouble(2), r.Time(3)),
                ("$windows", "[" + string.Join(',', Windows(parts, length)) + "]"), ("$run", run), ("$stretches", stretches), ("$length", length));
    }

    private static string Of(string extreme) => Extremes.Replace("EXTREME", extreme, StringComparison.Ordinal);

    private static long Length(SqliteSeries.Part part) => Math.Max(0, part.Bound - part.First);

    private static long EndOf(SqliteConnection connection, SqliteSeries.Part part) => connection.Query(
        "SELECT coalesce(max(position) + 1, 0) FROM series WHERE run = $run AND attempt = $attempt", r => r.GetInt64(0), ("$run", part.Run), ("$attempt", part.Attempt))[0];

    /// <summary>What is read: attempt, first position, the position after the last one, what leads from a position to its place in the whole series, and by metric the steps that were replaced.</summary>
    private static IEnumerable<string> Windows(List<SqliteSeries.Part> parts, long length)
    {
        var stride = Math.Max(1, (length + MostRead - 1) / MostRead) * Chunk;
        var place = 0L;
        foreach (var part in parts)
        {
            // What a later attempt has reported anew is not shown twice.
            var replaced = part.Replaced is { Count: > 0 } steps ? $",[{string.Join(',', steps.Select(r => $"[{r.Key},{r.Value}]"))}]" : "";
            for (var first = part.First; first < part.Bound; first += stride)
            {
                var bound = length <= MostRead ? part.Bound : Math.Min(first + Chunk, part.Bound);
                yield return string.Create(CultureInfo.InvariantCulture, $"[{part.Attempt},{first},{bound},{place - part.First}{replaced}]");
                if (length <= MostRead)
                    break;
            }

            place += Length(part);
        }
    }
}
