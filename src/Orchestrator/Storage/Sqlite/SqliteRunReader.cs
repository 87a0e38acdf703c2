using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Reads runs. Long answers come in pages, each a read of its own: what changes meanwhile may be seen or not.</summary>
internal sealed class SqliteRunReader(SqliteReadPool pool)
{
    private const int PageSize = 500;
    private const int MostOfOneName = 6;

    public Task<RunRecord?> FindAsync(string sweepId, long number, CancellationToken cancellationToken) =>
        pool.ReadAsync(
            connection => number is >= 0 and <= uint.MaxValue && SqliteSweepReader.KeyOf(connection, sweepId) is { } sweep
                ? SqliteRunRows.ByKeys(connection, sweepId, [new RunKey(sweep, number).Value]).FirstOrDefault()
                : null,
            cancellationToken);

    /// <remarks>Names have no index, which would cost every run: this looks at all runs, and people seldom ask.</remarks>
    public Task<IReadOnlyList<RunRecord>> ByNameAsync(string name, string? sweepId, CancellationToken cancellationToken) =>
        pool.ReadAsync<IReadOnlyList<RunRecord>>(
            connection =>
            {
                var newest = connection.Query(
                    """
                    SELECT s.key, s.id FROM runs r JOIN sweeps s ON s.key = r.key >> 32
                    WHERE r.name = $name AND ($sweep IS NULL OR s.id = $sweep) ORDER BY r.key DESC LIMIT 1
                    """,
                    r => (Key: r.GetInt64(0), Id: r.GetString(1)),
                    ("$name", name), ("$sweep", sweepId));
                return newest is [var (key, id)]
                    ? SqliteRunRows.Where(
                        connection, id, key, $"WHERE r.key >= $first AND r.key < $end AND r.name = $name ORDER BY r.key LIMIT {MostOfOneName}",
                        ("$first", new RunKey(key, 0).Value), ("$end", new RunKey(key + 1, 0).Value), ("$name", name))
                    : [];
            },
            cancellationToken);

    public IAsyncEnumerable<RunRecord> QueryAsync(RunQuery query, CancellationToken cancellationToken) =>
        query.Limit is <= 0 ? AsyncEnumerable.Empty<RunRecord>()
        : query is { Order: RunOrder.Number, Skip: 0 } ? ByNumberAsync(query, cancellationToken)
        : ByOrderAsync(query, cancellationToken);

    /// <summary>In the order of the table: each page starts where the last one ended.</summary>
    private async IAsyncEnumerable<RunRecord> ByNumberAsync(RunQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = query.Limit ?? int.MaxValue;
        long? last = null;
        while (left > 0)
        {
            var size = Math.Min(PageSize, left);
            var page = await pool.ReadAsync(connection => NumberPage(connection, query, last, size), cancellationToken)
                .ConfigureAwait(false);
            foreach (var run in page)
                yield return run;
            if (page.Count < size)
                yield break;
            left -= size;
            last = page[^1].Number;
        }
    }

    private static List<RunRecord> NumberPage(SqliteConnection connection, RunQuery query, long? last, int size)
    {
        if (SqliteSweepReader.KeyOf(connection, query.Sweep) is not { } sweep)
            return [];
        var (least, bound) = Bounds(sweep, query);
        var first = last is { } number && !query.Descending ? new RunKey(sweep, number + 1).Value : least;
        var end = last is { } above && query.Descending ? new RunKey(sweep, above).Value : bound;
        return SqliteRunRows.Where(
            connection,
            query.Sweep,
            sweep,
            $"WHERE r.key >= $first AND r.key < $end{StateFilter(query)} ORDER BY r.key{(query.Descending ? " DESC" : "")} LIMIT $size",
            ("$first", first), ("$end", end), ("$size", size));
    }

    /// <summary>In any other order: the keys are sorted at once (8 bytes a run), then the runs are read in pages.</summary>
    private async IAsyncEnumerable<RunRecord> ByOrderAsync(RunQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = await pool.ReadAsync(connection => SortedKeys(connection, query), cancellationToken).ConfigureAwait(false);
        for (var start = 0; start < keys.Count; start += PageSize)
        {
            var picked = keys.GetRange(start, Math.Min(PageSize, keys.Count - start));
            var page = await pool.ReadAsync(connection => SqliteRunRows.ByKeys(connection, query.Sweep, picked), cancellationToken)
                .ConfigureAwait(false);
            foreach (var run in page)
                yield return run;
        }
    }

    private static List<long> SortedKeys(SqliteConnection connection, RunQuery query)
    {
        if (SqliteSweepReader.KeyOf(connection, query.Sweep) is not { } sweep)
            return [];
        var (first, end) = Bounds(sweep, query);
        var value = query.Order switch
        {
            RunOrder.Number => "r.key",
            RunOrder.Objective => "r.objective",
            RunOrder.Started => "r.started_at",
            RunOrder.Ended => "r.ended_at",
            RunOrder.Duration => "max(0, r.ended_at - r.started_at)",
            _ => throw new ArgumentOutOfRangeException(nameof(query), query.Order, "Not an order of runs."),
        };
        // What has no value comes last whichever way, NaN just before; of equals the lowest number first.
        var direction = query.Descending ? " DESC" : "";
        var order = query.Order == RunOrder.Number ? value + direction : $"{value} IS NULL, typeof({value}) = 'text', {value}{direction}, r.key";
        return connection.Query(
            $"""
            SELECT r.key FROM runs r
            WHERE r.key >= $first AND r.key < $end{StateFilter(query)}
            ORDER BY {order}
            LIMIT $limit OFFSET $skip
            """,
            r => r.GetInt64(0),
            ("$first", first), ("$end", end), ("$limit", query.Limit ?? -1), ("$skip", query.Skip));
    }

    /// <summary>The keys that the query asks for: from the first, below the second.</summary>
    private static (long First, long End) Bounds(long sweep, RunQuery query) => (
        new RunKey(sweep, Math.Clamp(query.FirstNumber, 0, uint.MaxValue)).Value,
        query.EndNumber is { } end and <= uint.MaxValue ? new RunKey(sweep, Math.Max(0, end)).Value : new RunKey(sweep + 1, 0).Value);

    private static string StateFilter(RunQuery query) =>
        query.States.Count == 0 ? "" : $" AND r.state IN ({string.Join(", ", query.States.Select(s => (int)s))})";
}
