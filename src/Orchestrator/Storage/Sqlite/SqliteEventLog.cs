using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Adds events in the order of commits. The last number used is read once in a group and written back before its commit.</summary>
internal sealed class SqliteEventLog(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _read = new(database, "SELECT last FROM event_sequence WHERE id = 1");
    private readonly SqliteStatement _write = new(database, "UPDATE event_sequence SET last = ?1 WHERE id = 1");

    private readonly SqliteStatement _insert = new(database, """
        INSERT INTO events (sweep, sequence, kind, run, at) VALUES (?1, ?2, ?3, ?4, ?5)
        """);

    private long? _last;

    public void Add(long sweep, int kind, long? run, DateTimeOffset at)
    {
        var sequence = (_last ?? ReadLast()) + 1;
        _last = sequence;
        _insert.Bind(1, sweep);
        _insert.Bind(2, sequence);
        _insert.Bind(3, kind);
        _insert.Bind(4, run);
        _insert.Bind(5, at);
        _insert.Run();
    }

    public void Save()
    {
        if (_last is not { } last)
            return;
        _write.Bind(1, last);
        _write.Run();
        _last = null;
    }

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
        _insert.Dispose();
    }

    private long ReadLast()
    {
        _read.Read();
        var last = _read.Integer(0);
        _read.Reset();
        return last;
    }
}
