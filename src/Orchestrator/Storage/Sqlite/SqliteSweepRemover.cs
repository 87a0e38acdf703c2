using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>A command that somebody waits for.</summary>
internal abstract class AwaitedCommand : StoreCommand
{
    private readonly TaskCompletionSource<bool> _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it was applied, once it is committed.</summary>
    public Task<bool> Applied => _applied.Task;

    public sealed override void Committed(bool applied) => _applied.TrySetResult(applied);

    public sealed override void Failed(Exception cause) => _applied.TrySetException(cause);
}

/// <summary>A sweep is gone: nobody finds it or its runs any more. Refused if it is gone already.</summary>
internal sealed class SweepRemoved(long sweep) : AwaitedCommand
{
    public long Sweep { get; } = sweep;
}

/// <summary>A bounded number of rows of a sweep that is gone are removed. Refused when none is left.</summary>
internal sealed class SweepLeftoversRemoved(long sweep) : AwaitedCommand
{
    public long Sweep { get; } = sweep;
}

/// <summary>Finds what the removal of sweeps has left over: after a crash, of sweeps that are long gone.</summary>
internal static class SqliteLeftovers
{
    /// <summary>The keys of the sweeps that are gone and of which there are rows: one look-up for each sweep, however many runs it has.</summary>
    public static List<long> Sweeps(SqliteConnection connection)
    {
        var known = connection.Query("SELECT key FROM sweeps", r => r.GetInt64(0)).ToHashSet();
        var found = new SortedSet<long>();
        foreach (var (table, column, shift) in SqliteSweepRemover.Tables)
        {
            for (long? next = 0; next is { } from;)
            {
                next = connection.Query($"SELECT min({column}) FROM {table} WHERE {column} >= $from", r => r.IntegerOrNull(0), ("$from", from << shift))[0] >> shift;
                if (next is not { } sweep)
                    continue;
                if (!known.Contains(sweep))
                    found.Add(sweep);
                next = sweep + 1;
            }
        }

        return [.. found];
    }
}

/// <summary>Applies the removal of sweeps. Used by the writer, inside a transaction.</summary>
internal sealed class SqliteSweepRemover(sqlite3 database) : IDisposable
{
    /// <summary>How many rows one command removes at most: others wait that long for the writer.</summary>
    private const int MostRows = 10_000;

    /// <summary>What belongs to a sweep, the runs themselves after all that belongs to them; the column with its key, and the key's place in it.</summary>
    public static IReadOnlyList<(string Table, string Column, int Shift)> Tables { get; } =
    [
        ("series", "run", 32), ("series_replaced", "run", 32), ("run_metrics", "run", 32), ("run_tags", "run", 32), ("run_warnings", "run", 32), ("run_attributes", "run", 32), ("artifacts", "run", 32),
        ("tasks", "run", 32), ("tracker_losses", "run", 32), ("failures", "run", 32), ("attempts", "run", 32), ("checkpoints", "run", 32),
        ("runs", "key", 32), ("events", "sweep", 0), ("sweep_tags", "sweep", 0), ("sweep_attributes", "sweep", 0),
        ("requests", "sweep", 0), ("tallies", "sweep", 0),
    ];

    private static readonly Dictionary<string, string> Keys = new()
    {
        ["series"] = "run, attempt, position",
        ["series_replaced"] = "run, attempt, metric",
        ["run_metrics"] = "run, metric",
        ["run_tags"] = "run, tag",
        ["run_warnings"] = "run, name, reason",
        ["run_attributes"] = "run, name",
        ["tracker_losses"] = "run, attempt, tracker",
        ["artifacts"] = "run, name",
        ["tasks"] = "run, attempt, number",
        ["attempts"] = "run, number",
        ["failures"] = "run, attempt",
        ["checkpoints"] = "run, number",
        ["runs"] = "key",
        ["events"] = "sweep, sequence",
        ["sweep_tags"] = "sweep, tag",
        ["sweep_attributes"] = "sweep, name",
        ["requests"] = "id",
        ["tallies"] = "sweep",
    };

    private readonly SqliteStatement _sweep = new(database, "DELETE FROM sweeps WHERE key = ?1");
    private readonly Lazy<SqliteStatement[]> _rows = new(() =>
        [.. Tables.Select(t => new SqliteStatement(database, $"""
            DELETE FROM {t.Table} WHERE ({Keys[t.Table]}) IN (
              SELECT {Keys[t.Table]} FROM {t.Table} WHERE {t.Column} >= ?1 AND {t.Column} < ?2 ORDER BY {Keys[t.Table]} LIMIT ?3)
            """))]);

    public bool Remove(SweepRemoved command)
    {
        _sweep.Bind(1, command.Sweep);
        return _sweep.Run() > 0;
    }

    public bool RemoveLeftovers(SweepLeftoversRemoved command, out int rows)
    {
        rows = 0;
        for (var i = 0; i < Tables.Count && rows < MostRows; i++)
        {
            var statement = _rows.Value[i];
            statement.Bind(1, command.Sweep << Tables[i].Shift);
            statement.Bind(2, (command.Sweep + 1) << Tables[i].Shift);
            statement.Bind(3, MostRows - rows);
            rows += statement.Run();
        }

        return rows > 0;
    }

    public void Dispose()
    {
        _sweep.Dispose();
        if (!_rows.IsValueCreated)
            return;
        foreach (var statement in _rows.Value)
            statement.Dispose();
    }
}
