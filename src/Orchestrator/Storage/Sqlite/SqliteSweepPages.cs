using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Pages and counts of sweeps. Filters are decided in an index that covers them; whole rows are read for one page only.</summary>
internal sealed class SqliteSweepPages(SqliteReadPool pool, SqliteSweepReader sweeps)
{
    /// <summary>An experiment has no state of its own: it is running while one of its runs is.</summary>
    private const string State = """
        CASE WHEN s.kind = 0 THEN s.state WHEN (SELECT running FROM tallies WHERE sweep = s.key) > 0 THEN 1 ELSE 3 END
        """;

    private const string Listed = """
        FROM sweeps s INDEXED BY sweeps_listed
        WHERE ($project IS NULL OR s.project = $project) AND ($kind IS NULL OR s.kind = $kind)
          AND ($search IS NULL OR s.name LIKE $search ESCAPE '\' OR s.id LIKE $search ESCAPE '\')
        """;

    public Task<IReadOnlyList<SweepRecord>> PageAsync(SweepQuery query, long skip, CancellationToken cancellationToken) =>
        pool.ReadAsync<IReadOnlyList<SweepRecord>>(
            connection =>
            {
                var states = query.States.Count == 0 ? "" : $" AND {State} IN ({string.Join(", ", query.States.Select(s => (int)s))})";
                var keys = connection.Query(
                    $"SELECT s.key {Listed}{states} ORDER BY s.key DESC LIMIT $limit OFFSET $skip", r => r.GetInt64(0),
                    [.. Filter(query), ("$limit", query.Limit ?? -1), ("$skip", Math.Max(0, skip))]);
                return sweeps.ByKeys(connection, keys);
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<SweepState, long>> CountAsync(SweepQuery query, CancellationToken cancellationToken) =>
        pool.ReadAsync<IReadOnlyDictionary<SweepState, long>>(
            connection => connection.Query(
                $"SELECT {State} AS current, count(*) {Listed} GROUP BY current", r => KeyValuePair.Create((SweepState)r.GetInt32(0), r.GetInt64(1)), Filter(query))
                .ToDictionary(),
            cancellationToken);

    public Task<IReadOnlyList<string>> ProjectsAsync(CancellationToken cancellationToken) =>
        pool.ReadAsync<IReadOnlyList<string>>(
            connection => connection.Query("SELECT DISTINCT project FROM sweeps INDEXED BY sweeps_listed ORDER BY project", r => r.GetString(0)), cancellationToken);

    public Task<RunCounts> TotalsAsync(CancellationToken cancellationToken) =>
        pool.ReadAsync(
            connection => connection.Query(
                "SELECT total(queued), total(running), total(paused), total(completed), total(failed), total(pruned), total(canceled) FROM tallies",
                r => SqliteSweepReader.CountsAt(r, 0))[0],
            cancellationToken);

    private static (string, object?)[] Filter(SweepQuery query) =>
        [("$project", query.Project), ("$kind", (long?)query.Kind), ("$search", string.IsNullOrEmpty(query.Search) ? null : $"%{Escaped(query.Search)}%")];

    private static string Escaped(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
