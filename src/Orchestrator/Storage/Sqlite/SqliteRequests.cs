using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Applies and reads requests to sweeps.</summary>
internal sealed class SqliteRequests(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _insert = new(database, "INSERT INTO requests (sweep, at, request) VALUES (?1, ?2, ?3) RETURNING id");
    private readonly SqliteStatement _answer = new(database, """
        UPDATE requests SET accepted = ?2, answer = ?3 WHERE id = ?1 AND accepted IS NULL RETURNING id
        """);

    public bool Add(RequestAdded command)
    {
        _insert.Bind(1, command.Sweep);
        _insert.Bind(2, command.At);
        _insert.Bind(3, command.Request);
        _insert.Read();
        command.AssignedId = _insert.Integer(0);
        _insert.Reset();
        return true;
    }

    public bool Answer(RequestAnswered command)
    {
        _answer.Bind(1, command.Id);
        _answer.Bind(2, command.Accepted ? 1 : 0);
        _answer.Bind(3, command.Answer);
        var applied = _answer.Read();
        _answer.Reset();
        return applied;
    }

    public static IReadOnlyList<StoredRequest> Open(SqliteConnection connection, long sweep) => connection.Query(
        "SELECT id, request, accepted, answer FROM requests WHERE sweep = $sweep AND accepted IS NULL ORDER BY id", Row, ("$sweep", sweep));

    public static StoredRequest? Find(SqliteConnection connection, long id) =>
        connection.Query("SELECT id, request, accepted, answer FROM requests WHERE id = $id", Row, ("$id", id)).FirstOrDefault();

    public void Dispose()
    {
        _insert.Dispose();
        _answer.Dispose();
    }

    private static StoredRequest Row(SqliteDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetInt64(2) != 0, reader.TextOrNull(3));
}
