using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Orchestrator.Configuration;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Reads sweeps: their counts and their best run stand ready in the tallies.</summary>
/// <param name="pool">Connections.</param>
/// <param name="home">Where the database lies now: paths of sweeps that were recorded elsewhere follow it.</param>
internal sealed class SqliteSweepReader(SqliteReadPool pool, string home)
{
    private const int PageSize = 100;

    private const string Columns = """
        SELECT s.key, s.id, s.state, s.name, s.project, s.method, s.identity, s.metric, s.goal, s.target, s.metric_from,
               s.created_at, s.started_at, s.ended_at, s.elapsed_seconds, s.planned_runs, s.end_reason, s.description, s.file, s.definition,
               t.queued, t.running, t.paused, t.completed, t.failed, t.pruned, t.canceled, t.best_run,
               s.priority, s.hosted, s.kind, s.lost, s.decided_from, s.home, s.folder, s.file_hash, s.elapsed_at
        FROM sweeps s JOIN tallies t ON t.sweep = s.key

        """;

    /// <summary>The key of a sweep.</summary>
    public static long? KeyOf(SqliteConnection connection, string id) =>
        connection.Query("SELECT key FROM sweeps WHERE id = $id", r => (long?)r.GetInt64(0), ("$id", id)).FirstOrDefault();

    /// <summary>The value of an attribute.</summary>
    public static ParameterValue ValueOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ParameterValue.FromJson(document.RootElement);
    }

    public Task<(long Key, SweepRecord Sweep)?> FindAsync(string id, bool withBest, CancellationToken cancellationToken) =>
        pool.ReadAsync(connection =>
        {
            var found = connection.Query(Columns + "WHERE s.id = $id", Row, ("$id", id));
            return found.Count == 0 ? default((long, SweepRecord)?) : (found[0].Key, Complete(connection, found[0], withBest));
        }, cancellationToken);

    /// <summary>The sweeps of these keys, the newest first.</summary>
    public List<SweepRecord> ByKeys(SqliteConnection connection, IReadOnlyCollection<long> keys) =>
        [.. connection.Query(Columns + "WHERE s.key IN (SELECT value FROM json_each($keys)) ORDER BY s.key DESC", Row, ("$keys", "[" + string.Join(',', keys) + "]"))
            .Select(row => Complete(connection, row, withBest: true))];

    public Task<string?> LatestAsync(ExperimentKind? kind, CancellationToken cancellationToken) =>
        pool.ReadAsync(
            connection => connection.Query(
                """
                SELECT s.id FROM sweeps s
                WHERE $kind IS NULL OR s.kind = $kind
                ORDER BY CASE s.kind WHEN 0 THEN s.created_at ELSE coalesce(
                  (SELECT r.started_at FROM runs r WHERE r.key >= s.key << 32 AND r.key < (s.key + 1) << 32 ORDER BY r.key DESC LIMIT 1), s.created_at) END DESC,
                  s.key DESC
                LIMIT 1
                """,
                r => r.GetString(0),
                ("$kind", (long?)kind)).FirstOrDefault(),
            cancellationToken);

    public async IAsyncEnumerable<SweepRecord> ListAsync(SweepQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = query.Limit ?? int.MaxValue;
        var before = long.MaxValue;
        while (left > 0)
        {
            var size = Math.Min(PageSize, left);
            var page = await pool.ReadAsync(connection => Page(connection, query, before, size), cancellationToken).ConfigureAwait(false);
            foreach (var (key, sweep) in page)
            {
                before = key;
                yield return sweep;
            }

            if (page.Count < size)
                yield break;
            left -= size;
        }
    }

    private List<(long Key, SweepRecord Sweep)> Page(SqliteConnection connection, SweepQuery query, long before, int size)
    {
        SweepState[] unfinished = [SweepState.Queued, SweepState.Running, SweepState.Paused, SweepState.Stopped, SweepState.Interrupted, SweepState.Failed];
        var filter = query.Unfinished ? $"AND s.kind = 0 AND s.state IN ({string.Join(", ", unfinished.Select(s => (int)s))})" : "";
        var rows = connection.Query(
            Columns + $"""
            WHERE s.key < $before AND ($project IS NULL OR s.project = $project) AND ($identity IS NULL OR s.identity = $identity)
              AND ($kind IS NULL OR s.kind = $kind) {filter}
            ORDER BY s.key DESC LIMIT $size
            """,
            Row,
            ("$before", before), ("$project", query.Project), ("$identity", query.Identity), ("$kind", (long?)query.Kind), ("$size", size));
        return [.. rows.Select(row => (row.Key, Complete(connection, row, withBest: true)))];
    }

    private static SweepRecord Complete(
        SqliteConnection connection, (long Key, SweepRecord Sweep, long? Best) row, bool withBest)
    {
        var labels = SqliteLabels.OfSweep(connection, row.Key);
        return row.Sweep with
        {
            Tags = labels.Tags,
            Attributes = labels.Attributes.ToDictionary(StringComparer.Ordinal),
            Best = withBest && row.Best is { } best
                ? SqliteRunRows.ByKeys(connection, row.Sweep.Id, [new RunKey(row.Key, best).Value]).FirstOrDefault()
                : null,
        };
    }

    private (long Key, SweepRecord Sweep, long? Best) Row(SqliteDataReader reader)
    {
        var sweep = new SweepRecord
        {
            Id = reader.GetString(1),
            State = (SweepState)reader.GetInt32(2),
            Name = reader.GetString(3),
            Project = reader.GetString(4),
            Method = reader.GetString(5),
            Identity = reader.GetString(6),
            Metric = new(reader.GetString(7), (MetricGoal)reader.GetInt32(8))
            {
                Target = reader.NumberOrNull(9),
                From = (MetricSource)reader.GetInt32(10),
            },
            CreatedAt = reader.Time(11),
            StartedAt = reader.TimeOrNull(12),
            EndedAt = reader.TimeOrNull(13),
            ElapsedSeconds = reader.GetDouble(14),
            PlannedRuns = reader.IntegerOrNull(15),
            EndReason = reader.TextOrNull(16),
            Description = reader.TextOrNull(17),
            File = SweepOrigin.Relocated(reader.TextOrNull(18), reader.TextOrNull(33), home),
            Folder = SweepOrigin.Relocated(reader.TextOrNull(34), reader.TextOrNull(33), home),
            FileHash = reader.TextOrNull(35),
            Definition = reader.GetString(19),
            Counts = CountsAt(reader, 20),
            Priority = reader.GetInt32(28),
            IsHosted = reader.GetBoolean(29),
            Kind = (ExperimentKind)reader.GetInt32(30),
            ReproducibilityLost = reader.TextOrNull(31),
            DecidedFrom = reader.GetInt64(32),
            ElapsedAt = reader.TimeOrNull(36),
        };
        if (sweep.Kind == ExperimentKind.Experiment)
            sweep = sweep with { State = sweep.Counts.Running > 0 ? SweepState.Running : SweepState.Completed }; // it has no life but its runs
        return (reader.GetInt64(0), sweep, reader.IntegerOrNull(27));
    }

    /// <summary>The seven counts that begin at a column.</summary>
    public static RunCounts CountsAt(SqliteDataReader reader, int first) => new(
        reader.GetInt64(first), reader.GetInt64(first + 1), reader.GetInt64(first + 2), reader.GetInt64(first + 3),
        reader.GetInt64(first + 4), reader.GetInt64(first + 5), reader.GetInt64(first + 6));
}
