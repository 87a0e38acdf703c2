using System.Text.Json;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Writes attempts, and the environments that they share. Used by the writer, inside a transaction.</summary>
internal sealed class SqliteAttempts(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _insert = new(database, """
        INSERT INTO attempts (run, number, state, started_at, worker, device, session, environment) VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7)
        """);

    private readonly SqliteStatement _end = new(database, """
        UPDATE attempts SET state = ?3, ended_at = ?4, failure = ?5, environment = coalesce(?6, environment) WHERE run = ?1 AND number = ?2
        """);

    private readonly SqliteStatement _fail = new(database, "INSERT INTO failures (run, attempt, fingerprint) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    private readonly SqliteStatement _addEnvironment = new(database, "INSERT INTO environments (content) VALUES (?1) ON CONFLICT (content) DO NOTHING");
    private readonly SqliteStatement _findEnvironment = new(database, "SELECT id FROM environments WHERE content = ?1");

    /// <summary>A process has one environment, or two: the last one is remembered.</summary>
    private (string Content, long Id)? _environment;

    public void Start(RunKey run, int number, DateTimeOffset at, string worker, string? device, string? environment, string? session = null)
    {
        _insert.Bind(1, run.Value);
        _insert.Bind(2, number);
        _insert.Bind(3, at);
        _insert.Bind(4, worker);
        _insert.Bind(5, device);
        _insert.Bind(6, session);
        _insert.Bind(7, IdOf(environment));
        _insert.Run();
    }

    public void End(RunKey run, int number, RunState outcome, RunFailure? failure, DateTimeOffset at, string? environment = null)
    {
        _end.Bind(1, run.Value);
        _end.Bind(2, number);
        _end.Bind(3, (int)outcome);
        _end.Bind(4, at);
        if (failure is null)
            _end.BindNull(5);
        else
            _end.Bind(5, JsonSerializer.SerializeToUtf8Bytes(failure, StoreJson.Default.RunFailure));
        _end.Bind(6, IdOf(environment));
        _end.Run();
        if (failure is null)
            return;
        _fail.Bind(1, run.Value);
        _fail.Bind(2, number);
        _fail.Bind(3, failure.Fingerprint);
        _fail.Run();
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_insert, _end, _fail, _addEnvironment, _findEnvironment])
            statement.Dispose();
    }

    private long? IdOf(string? content)
    {
        if (content is null)
            return null;
        if (_environment is var (known, id) && ReferenceEquals(known, content))
            return id;
        _addEnvironment.Bind(1, content);
        _addEnvironment.Run();
        _findEnvironment.Bind(1, content);
        _findEnvironment.Read();
        id = _findEnvironment.Integer(0);
        _findEnvironment.Reset();
        _environment = (content, id);
        return id;
    }
}
