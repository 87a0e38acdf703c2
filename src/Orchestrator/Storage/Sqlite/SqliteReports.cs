using System.Runtime.InteropServices;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Stores what attempts report: the series, and the summary of each metric.</summary>
internal sealed class SqliteReports(sqlite3 database) : IDisposable
{
    private const int MostNamesKept = 10_000;

    private readonly SqliteStatement _point = new(database, """
        INSERT INTO series (run, attempt, position, metric, step, value, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """);

    private readonly SqliteStatement _summary = new(database, """
        INSERT OR REPLACE INTO run_metrics (run, metric, count, last, last_step, min, max, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """);

    private readonly SqliteStatement _forget = new(database, "DELETE FROM run_metrics WHERE run = ?1");
    private readonly SqliteStatement _forgetSeries = new(database, "DELETE FROM series WHERE run = ?1 AND attempt = ?2");

    private readonly SqliteStatement _rebase = new(database, """
        UPDATE attempts SET base_attempt = ?3, base_points = ?4, base_step = ?5 WHERE run = ?1 AND number = ?2
        """);

    private readonly SqliteStatement _replace = new(database, "INSERT OR REPLACE INTO series_replaced (run, attempt, metric, step) VALUES (?1, ?2, ?3, ?4)");
    private readonly SqliteStatement _findName = new(database, "SELECT id FROM metric_names WHERE name = ?1");
    private readonly SqliteStatement _addName = new(database, "INSERT INTO metric_names (name) VALUES (?1) RETURNING id");
    private readonly Dictionary<string, long> _names = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, MetricSummary>> _summaries = [];

    /// <summary>Stores the points that wait, and the summaries that they lead to.</summary>
    /// <returns>How many points there were.</returns>
    public int Store(ReportBuffer buffer)
    {
        var points = buffer.Drain(_summaries, out var position, out var revision);
        if (revision is not null)
            Revise(buffer, revision);
        else if (points.Count == 0)
            return 0;

        _point.Bind(1, buffer.Run.Value);
        _point.Bind(2, buffer.Attempt);
        foreach (ref readonly var point in CollectionsMarshal.AsSpan(points))
        {
            _point.Bind(3, position++);
            _point.Bind(4, IdOf(point.Metric));
            _point.Bind(5, point.Step);
            _point.Bind(6, point.Value);
            _point.Bind(7, point.At);
            _point.Run();
        }

        _summary.Bind(1, buffer.Run.Value);
        foreach (var (metric, summary) in _summaries)
        {
            _summary.Bind(2, IdOf(metric));
            _summary.Bind(3, summary.Count);
            _summary.Bind(4, summary.Last);
            _summary.Bind(5, summary.LastStep);
            _summary.Bind(6, summary.Min);
            _summary.Bind(7, summary.Max);
            _summary.Bind(8, summary.Sum);
            _summary.Run();
        }

        return points.Count;
    }

    /// <summary>Throws away what an attempt reported that no longer holds its run.</summary>
    public void Discard(ReportBuffer buffer) => buffer.Drain(_summaries, out _, out _);

    /// <summary>Removes the summaries of a run: those of an earlier attempt.</summary>
    public void Forget(RunKey run)
    {
        _forget.Bind(1, run.Value);
        _forget.Run();
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_point, _summary, _forget, _forgetSeries, _rebase, _replace, _findName, _addName])
            statement.Dispose();
    }

    private void Revise(ReportBuffer buffer, ReportRevision revision)
    {
        Forget(buffer.Run); // the summaries that follow are of all that counts
        if (revision.HasNewBase)
            Rebase(buffer, revision.Base);
        _replace.Bind(1, buffer.Run.Value);
        _replace.Bind(2, buffer.Attempt);
        foreach (var (metric, step) in revision.Replaced)
        {
            _replace.Bind(3, IdOf(metric));
            _replace.Bind(4, step);
            _replace.Run();
        }
    }

    /// <summary>The attempt goes on from a checkpoint, or from none: what it reported itself until then is replaced.</summary>
    private void Rebase(ReportBuffer buffer, ReportBase? taken)
    {
        _forgetSeries.Bind(1, buffer.Run.Value);
        _forgetSeries.Bind(2, buffer.Attempt);
        _forgetSeries.Run();
        _rebase.Bind(1, buffer.Run.Value);
        _rebase.Bind(2, buffer.Attempt);
        _rebase.Bind(3, taken?.Attempt);
        _rebase.Bind(4, taken?.Points);
        _rebase.Bind(5, taken?.Step);
        _rebase.Run();
    }

    private long IdOf(string metric)
    {
        if (_names.TryGetValue(metric, out var id))
            return id;
        if (_names.Count >= MostNamesKept)
            _names.Clear(); // a flood of names costs look-ups, not memory
        _findName.Bind(1, metric);
        var statement = _findName;
        if (!statement.Read())
        {
            _addName.Bind(1, metric);
            statement = _addName;
            statement.Read();
        }

        id = statement.Integer(0);
        statement.Reset();
        return _names[metric] = id;
    }
}
