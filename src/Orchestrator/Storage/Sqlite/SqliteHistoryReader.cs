using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Reads what happened: attempts, series, events.</summary>
internal sealed class SqliteHistoryReader(SqliteReadPool pool)
{
    private const int PageSize = 2_000;
    private const int MostNames = 10_000;

    public Task<IReadOnlyList<AttemptRecord>> AttemptsAsync(string sweepId, long number, CancellationToken cancellationToken) =>
        pool.ReadAsync<IReadOnlyList<AttemptRecord>>(
            connection => RunOf(connection, sweepId, number) is not { } run
                ? []
                : connection.Query(
                    "SELECT number, state, worker, device, started_at, ended_at, failure FROM attempts WHERE run = $run ORDER BY number",
                    r => new AttemptRecord(
                        r.GetInt32(0), (RunState)r.GetInt32(1), r.GetString(2), r.TextOrNull(3), r.Time(4), r.TimeOrNull(5),
                        SqliteRunRows.FailureOf(r, 6)),
                    ("$run", run)),
            cancellationToken);

    public async IAsyncEnumerable<MetricPoint> SeriesAsync(
        string sweepId, long number, string? metric, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The attempts are looked up once: the pages are of one series, also if another attempt begins in between.
        var start = await pool.ReadAsync(connection => AttemptsThatCount(connection, sweepId, number), cancellationToken).ConfigureAwait(false);
        if (start is not var (run, first, last))
            yield break;
        var after = (Attempt: first, Position: -1L);
        while (true)
        {
            var page = await pool.ReadAsync(connection => SeriesPage(connection, run, last, metric, after), cancellationToken)
                .ConfigureAwait(false);
            foreach (var (at, point) in page)
            {
                after = at;
                yield return point;
            }

            if (page.Count < PageSize)
                yield break;
        }
    }

    public async IAsyncEnumerable<StoredEvent> EventsAsync(
        string sweepId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await pool.ReadAsync(connection => EventPage(connection, sweepId, after), cancellationToken).ConfigureAwait(false);
            foreach (var happened in page)
            {
                after = happened.Sequence;
                yield return happened;
            }

            if (page.Count < PageSize)
                yield break;
        }
    }

    public async IAsyncEnumerable<(long Number, MetricPoint Point)> SeriesAsync(
        string sweepId, IReadOnlyCollection<long> numbers, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = numbers.Where(n => n is >= 0 and <= uint.MaxValue).Distinct().Order().ToList();
        var after = (Run: -1L, Attempt: 0L, Position: -1L);
        while (left.Count > 0)
        {
            var page = await pool.ReadAsync(connection => SeriesPage(connection, sweepId, left, after), cancellationToken).ConfigureAwait(false);
            foreach (var (at, point) in page)
            {
                after = at;
                yield return (new RunKey(at.Run).Number, point);
            }

            if (page.Count < PageSize)
                yield break;
            left.RemoveAll(n => n < new RunKey(after.Run).Number);
        }
    }

    public Task<RunVocabulary> VocabularyAsync(string? sweepId, CancellationToken cancellationToken) =>
        pool.ReadAsync(connection => Vocabulary(connection, sweepId), cancellationToken);

    private static RunVocabulary Vocabulary(SqliteConnection connection, string? sweepId)
    {
        var (first, end) = (0L, long.MaxValue);
        if (sweepId is not null)
        {
            if (SqliteSweepReader.KeyOf(connection, sweepId) is not { } sweep)
                return new([], [], []);
            (first, end) = (new RunKey(sweep, 0).Value, new RunKey(sweep + 1, 0).Value);
        }

        List<string> Names(string sql) => connection.Query(sql, r => r.GetString(0), ("$first", first), ("$end", end), ("$most", MostNames));

        const string OfRuns = "run >= $first AND run < $end";
        return new(
            // Of all sweeps the names stand in a table of their own.
            Names(sweepId is null
                ? "SELECT name FROM metric_names WHERE $first < $end ORDER BY id LIMIT $most"
                : $"SELECT name FROM metric_names WHERE id IN (SELECT DISTINCT metric FROM run_metrics WHERE {OfRuns}) ORDER BY id LIMIT $most"),
            Names($"SELECT DISTINCT tag FROM run_tags WHERE {OfRuns} ORDER BY tag LIMIT $most"),
            Names($"SELECT DISTINCT name FROM run_attributes WHERE {OfRuns} ORDER BY name LIMIT $most"));
    }

    private static List<((long Run, long Attempt, long Position) At, MetricPoint Point)> SeriesPage(
        SqliteConnection connection, string sweepId, List<long> numbers, (long Run, long Attempt, long Position) after)
    {
        if (SqliteSweepReader.KeyOf(connection, sweepId) is not { } sweep)
            return [];
        return connection.Query(
            """
            SELECT s.run, s.attempt, s.position, n.name, s.step, s.value, s.at
            FROM json_each($keys) k CROSS JOIN runs r ON r.key = k.value
              CROSS JOIN series s ON s.run = r.key AND s.attempt <= r.attempts
                AND (s.attempt, s.position) > (
                  CASE WHEN r.key = $run THEN $attempt WHEN r.id IS NULL THEN r.attempts ELSE 1 END, CASE WHEN r.key = $run THEN $position ELSE -1 END)
              CROSS JOIN metric_names n ON n.id = s.metric
            LIMIT $size
            """,
            r => ((r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), new MetricPoint(r.GetString(3), r.GetInt64(4), r.Number(5), r.Time(6))),
            ("$keys", "[" + string.Join(',', numbers.Select(n => new RunKey(sweep, n).Value)) + "]"),
            ("$run", after.Run), ("$attempt", after.Attempt), ("$position", after.Position), ("$size", PageSize));
    }

    private static List<((long Attempt, long Position) At, MetricPoint Point)> SeriesPage(
        SqliteConnection connection, long run, long last, string? metric, (long Attempt, long Position) after) =>
        connection.Query(
            """
            SELECT s.attempt, s.position, n.name, s.step, s.value, s.at FROM series s CROSS JOIN metric_names n ON n.id = s.metric
            WHERE s.run = $run AND s.attempt <= $last AND (s.attempt, s.position) > ($attempt, $position) AND ($metric IS NULL OR n.name = $metric)
            ORDER BY s.attempt, s.position LIMIT $size
            """,
            r => ((r.GetInt64(0), r.GetInt64(1)), new MetricPoint(r.GetString(2), r.GetInt64(3), r.Number(4), r.Time(5))),
            ("$run", run), ("$last", last), ("$attempt", after.Attempt), ("$position", after.Position), ("$metric", metric), ("$size", PageSize));

    private static List<StoredEvent> EventPage(SqliteConnection connection, string sweepId, long after) =>
        SqliteSweepReader.KeyOf(connection, sweepId) is not { } sweep
            ? []
            : connection.Query(
                "SELECT sequence, kind, run, at FROM events WHERE sweep = $sweep AND sequence > $after ORDER BY sequence LIMIT $size",
                r => new StoredEvent(r.GetInt64(0), SqliteValues.KindName(r.GetInt32(1)), r.IntegerOrNull(2), r.Time(3)),
                ("$sweep", sweep), ("$after", after), ("$size", PageSize));

    public static long? RunOf(SqliteConnection connection, string sweepId, long number) =>
        number is >= 0 and <= uint.MaxValue && SqliteSweepReader.KeyOf(connection, sweepId) is { } sweep
            ? new RunKey(sweep, number).Value
            : null;

    /// <summary>Of a sweep's run the last attempt counts. One held by hand was taken up again: what its attempts reported adds up.</summary>
    private static (long Run, long First, long Last)? AttemptsThatCount(SqliteConnection connection, string sweepId, long number) =>
        RunOf(connection, sweepId, number) is { } run
        && connection.Query(
            "SELECT CASE WHEN id IS NULL THEN attempts ELSE 1 END, attempts FROM runs WHERE key = $run",
            r => (r.GetInt64(0), r.GetInt64(1)),
            ("$run", run)) is [var (first, last)]
            ? (run, first, last)
            : null;
}
