using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Orchestrator.Experiments.Checkpoints;

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
                    "SELECT number, state, worker, device, started_at, ended_at, failure, base_step FROM attempts WHERE run = $run ORDER BY number",
                    r => new AttemptRecord(
                        r.GetInt32(0), (RunState)r.GetInt32(1), r.GetString(2), r.TextOrNull(3), r.Time(4), r.TimeOrNull(5),
                        SqliteRunRows.FailureOf(r, 6)) { ResumedFrom = r.IntegerOrNull(7) },
                    ("$run", run)),
            cancellationToken);

    public Task<IReadOnlyList<StoredCheckpoint>> CheckpointsAsync(string sweepId, long number, CancellationToken cancellationToken) =>
        pool.ReadAsync<IReadOnlyList<StoredCheckpoint>>(
            connection => RunOf(connection, sweepId, number) is { } run ? SqliteCheckpoints.Of(connection, run) : [], cancellationToken);

    public async IAsyncEnumerable<MetricPoint> SeriesAsync(
        string sweepId, long number, string? metric, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The attempt is looked up once: the pages are of one series, also if another attempt begins in between.
        await foreach (var (_, point) in SeriesAsync(sweepId, [number], metric, cancellationToken).ConfigureAwait(false))
            yield return point;
    }

    public IAsyncEnumerable<(long Number, MetricPoint Point)> SeriesAsync(
        string sweepId, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken) =>
        SeriesAsync(sweepId, numbers, metric: null, cancellationToken);

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

    private async IAsyncEnumerable<(long Number, MetricPoint Point)> SeriesAsync(
        string sweepId, IReadOnlyCollection<long> numbers, string? metric, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = await pool.ReadAsync(connection => PartsOf(connection, sweepId, numbers), cancellationToken).ConfigureAwait(false);
        await foreach (var (run, _, point, _) in PagesAsync(left, metric, cancellationToken).ConfigureAwait(false))
            yield return (new RunKey(run).Number, point);
    }

    public async IAsyncEnumerable<(int Attempt, long Position, MetricPoint Point)> SeriesBeforeAsync(
        RunKey run, int attempt, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = await pool.ReadAsync<IReadOnlyList<SqliteSeries.Part>>(
            connection => SqliteSeries.AttemptBefore(connection, run.Value, attempt) is { } before
                ? [.. SqliteSeries.PartsOf(connection, [run.Value], before).Where(p => p.Bound > from).Select(p => p with { First = Math.Max(p.First, from) })]
                : [],
            cancellationToken).ConfigureAwait(false);
        await foreach (var (_, reporter, point, position) in PagesAsync(parts, metric: null, cancellationToken).ConfigureAwait(false))
            yield return (reporter, position, point);
    }

    private async IAsyncEnumerable<(long Run, int Attempt, MetricPoint Point, long Position)> PagesAsync(
        IReadOnlyList<SqliteSeries.Part> parts, string? metric, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var left = parts; left.Count > 0;)
        {
            var from = left;
            var page = await pool.ReadAsync(connection => SqliteSeries.Read(connection, from, metric, PageSize), cancellationToken).ConfigureAwait(false);
            foreach (var row in page.Points)
                yield return row;
            left = page.Left;
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
        const string OfSweeps = "sweep >= $first >> 32 AND sweep < $end >> 32";
        return new(
            // Of all sweeps the names stand in a table of their own.
            Names(sweepId is null
                ? "SELECT name FROM metric_names WHERE $first < $end ORDER BY id LIMIT $most"
                : $"SELECT name FROM metric_names WHERE id IN (SELECT DISTINCT metric FROM run_metrics WHERE {OfRuns}) ORDER BY id LIMIT $most"),
            Names($"SELECT tag FROM run_tags WHERE {OfRuns} UNION SELECT tag FROM sweep_tags WHERE {OfSweeps} ORDER BY tag LIMIT $most"),
            Names($"SELECT name FROM run_attributes WHERE {OfRuns} UNION SELECT name FROM sweep_attributes WHERE {OfSweeps} ORDER BY name LIMIT $most"));
    }

    private static List<SqliteSeries.Part> PartsOf(SqliteConnection connection, string sweepId, IReadOnlyCollection<long> numbers) =>
        SqliteSweepReader.KeyOf(connection, sweepId) is { } sweep
            ? SqliteSeries.PartsOf(connection, [.. numbers.Where(n => n is >= 0 and <= uint.MaxValue).Distinct().Select(n => new RunKey(sweep, n).Value)])
            : [];

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
}
