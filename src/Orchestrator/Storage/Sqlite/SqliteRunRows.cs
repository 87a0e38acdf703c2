using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Reads whole runs, a page at a time: one query for the runs and one each for what belongs to them.</summary>
internal static class SqliteRunRows
{
    private const string Columns = """
        SELECT r.key, r.name, r.proposal, r.replicate, r.seed, r.state, r.parameters, r.objective, r.attempts, r.created_at, r.started_at,
               r.ended_at, a.worker, a.device, a.failure,
               coalesce(r.project, (SELECT project FROM sweeps WHERE key = r.key >> 32)), r.id
        FROM runs r LEFT JOIN attempts a ON a.run = r.key AND a.number = r.attempts

        """;

    /// <summary>The runs of these keys, in the order of the keys; one that is gone is left out.</summary>
    public static List<RunRecord> ByKeys(SqliteConnection connection, string sweep, IReadOnlyList<long> keys)
    {
        var rows = connection.Query(
            Columns + "WHERE r.key IN (SELECT value FROM json_each($keys))", r => Row(r, sweep), ("$keys", KeysOf(keys)));
        var byNumber = Complete(connection, rows, keys).ToDictionary(r => r.Number);
        return [.. keys.Where(k => byNumber.ContainsKey(new RunKey(k).Number)).Select(k => byNumber[new RunKey(k).Number])];
    }

    /// <summary>The runs that a condition on <c>r</c> picks.</summary>
    public static List<RunRecord> Where(
        SqliteConnection connection, string sweep, long sweepKey, string condition,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var rows = connection.Query(Columns + condition, r => Row(r, sweep), parameters);
        return rows.Count == 0 ? rows : Complete(connection, rows, [.. rows.Select(r => new RunKey(sweepKey, r.Number).Value)]);
    }

    /// <summary>Adds metrics, tags, attributes (those of the sweep are the run's, too) warnings and what trackers lost.</summary>
    private static List<RunRecord> Complete(SqliteConnection connection, List<RunRecord> runs, IReadOnlyList<long> keys)
    {
        var picked = KeysOf(keys);
        var metrics = Gather(connection, """
            SELECT m.run, n.name, m.last FROM run_metrics m CROSS JOIN metric_names n ON n.id = m.metric
            WHERE m.run IN (SELECT value FROM json_each($keys))
            ORDER BY m.run, m.metric
            """, r => KeyValuePair.Create(r.GetString(1), r.Number(2)), picked);
        var tags = Gather(connection, """
            SELECT run, tag FROM run_tags WHERE run IN (SELECT value FROM json_each($keys)) ORDER BY run, position
            """, r => r.GetString(1), picked);
        var attributes = Gather(connection, """
            SELECT run, name, value FROM run_attributes WHERE run IN (SELECT value FROM json_each($keys)) ORDER BY run, position
            """, r => KeyValuePair.Create(r.GetString(1), SqliteSweepReader.ValueOf(r.GetString(2))), picked);

        var losses = Gather(connection, """
            SELECT run, tracker, attempt, points, reason FROM tracker_losses WHERE run IN (SELECT value FROM json_each($keys))
            ORDER BY run, attempt, tracker
            """, SqliteTrackerLosses.Row, picked);
        var labels = keys.Count == 0 ? SqliteLabels.None : SqliteLabels.OfSweep(connection, new RunKey(keys[0]).Sweep);

        var warnings = Gather(connection, """
            SELECT run, name, reason, at FROM run_warnings WHERE run IN (SELECT value FROM json_each($keys)) ORDER BY run, at, name
            """, r => new WarningNote(r.GetString(1), r.GetString(2), r.Time(3)), picked);

        for (var i = 0; i < runs.Count; i++)
        {
            var number = runs[i].Number;
            runs[i] = runs[i] with
            {
                Metrics = Ordered(metrics.GetValueOrDefault(number)),
                Tags = labels.With(tags.GetValueOrDefault(number)),
                Attributes = labels.With(attributes.GetValueOrDefault(number)),
                Warnings = warnings.GetValueOrDefault(number) ?? [],
                TrackerLosses = losses.GetValueOrDefault(number) ?? [],
            };
        }

        return runs;
    }

    /// <summary>The rows of a query by the number of the run that stands first in them.</summary>
    private static Dictionary<long, List<T>> Gather<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, string keys)
    {
        var gathered = new Dictionary<long, List<T>>();
        connection.Query(sql, reader =>
        {
            var number = new RunKey(reader.GetInt64(0)).Number;
            if (!gathered.TryGetValue(number, out var list))
                gathered[number] = list = [];
            list.Add(row(reader));
            return number;
        }, ("$keys", keys));
        return gathered;
    }

    private static Dictionary<string, T> Ordered<T>(List<KeyValuePair<string, T>>? entries) => new(entries ?? [], StringComparer.Ordinal);

    private static string KeysOf(IReadOnlyList<long> keys) => JsonSerializer.Serialize(keys, StoreJson.Default.IReadOnlyListInt64);

    private static RunRecord Row(SqliteDataReader reader, string sweep)
    {
        var number = new RunKey(reader.GetInt64(0)).Number;
        var id = reader.TextOrNull(16);
        return new()
        {
            Id = id ?? RunRecord.IdOf(sweep, number),
            Name = reader.GetString(1),
            Sweep = sweep,
            Project = reader.GetString(15),
            Number = number,
            Proposal = reader.GetInt64(2),
            Replicate = reader.GetInt32(3),
            Seed = reader.GetInt64(4),
            State = (RunState)reader.GetInt32(5),
            Parameters = ParameterSet.FromJson(reader.GetString(6)),
            Objective = reader.NumberOrNull(7),
            Attempts = reader.GetInt32(8),
            CreatedAt = reader.Time(9),
            StartedAt = reader.TimeOrNull(10),
            EndedAt = reader.TimeOrNull(11),
            Worker = reader.TextOrNull(12),
            Device = reader.TextOrNull(13),
            Failure = FailureOf(reader, 14),
            Directory = id is null ? RunRecord.DirectoryOf(sweep, number) : RunRecord.DirectoryOf(sweep, id),
        };
    }

    public static RunFailure? FailureOf(SqliteDataReader reader, int ordinal) =>
        reader.TextOrNull(ordinal) is { } json ? JsonSerializer.Deserialize(json, StoreJson.Default.RunFailure) : null;
}
