using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Stores what trackers lost. Used by the writer, inside a transaction.</summary>
internal sealed class SqliteTrackerLosses(sqlite3 database) : IDisposable
{
    // Made when first needed: nearly every process ends without a loss. Two trackers of one name in one attempt: their sum.
    private readonly Lazy<SqliteStatement> _insert = new(() => new(database, """
        INSERT INTO tracker_losses (run, attempt, tracker, points, reason)
        SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM runs WHERE key = ?1)
        ON CONFLICT (run, attempt, tracker) DO UPDATE SET points = points + excluded.points
        """));

    public bool Store(TrackerLossNoted noted)
    {
        var insert = _insert.Value;
        insert.Bind(1, noted.Run.Value);
        insert.Bind(2, noted.Loss.Attempt);
        insert.Bind(3, noted.Loss.Tracker);
        insert.Bind(4, noted.Loss.Points);
        insert.Bind(5, noted.Loss.Reason);
        return insert.Run() > 0;
    }

    public static TrackerLoss Row(SqliteDataReader reader) =>
        new(reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetString(4));

    public void Dispose()
    {
        if (_insert.IsValueCreated)
            _insert.Value.Dispose();
    }
}
