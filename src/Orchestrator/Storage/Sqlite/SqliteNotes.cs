using System.Text.Json;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Stores what runs say of themselves beside their metrics. Used by the writer, inside a transaction.</summary>
internal sealed class SqliteNotes(sqlite3 database) : IDisposable
{
    private const int MostPlacesKept = 10_000;

    private readonly SqliteStatement _lastPlace = new(database, """
        SELECT max(coalesce((SELECT max(position) FROM run_attributes WHERE run = ?1), -1), coalesce((SELECT max(position) FROM run_tags WHERE run = ?1), -1))
        """);

    private readonly SqliteStatement _attribute = new(database, """
        INSERT INTO run_attributes (run, name, position, value) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (run, name) DO UPDATE SET value = excluded.value
        """);

    private readonly SqliteStatement _tag = new(database, """
        INSERT INTO run_tags (run, tag, position) VALUES (?1, ?2, ?3) ON CONFLICT (run, tag) DO NOTHING
        """);

    /// <summary>The last place in the order of a run's attributes and tags: looking it up for each would cost more with every one.</summary>
    private readonly Dictionary<(RunKey Run, int Attempt), long> _places = [];

    private readonly SqliteStatement _artifact = new(database, """
        INSERT OR REPLACE INTO artifacts (run, name, path, bytes, sha256, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """);

    private readonly SqliteStatement _warning = new(database, """
        INSERT INTO run_warnings (run, name, reason, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING
        """);

    private readonly SqliteStatement _task = new(database, """
        INSERT OR REPLACE INTO tasks (run, attempt, number, name, started_at, ended_at, failure) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """);

    private readonly SqliteStatement _parameters = new(database, "SELECT parameters FROM runs WHERE key = ?1");
    private readonly SqliteStatement _setParameters = new(database, "UPDATE runs SET parameters = ?2 WHERE key = ?1");

    /// <summary>Parameters that are set one by one, written once in a group.</summary>
    private readonly Dictionary<RunKey, OrderedDictionary<string, ParameterValue>> _pending = [];

    public void Store(RunKey run, int attempt, RunNote note)
    {
        switch (note)
        {
            case AttributeNote attribute:
                _attribute.Bind(1, run.Value);
                _attribute.Bind(2, attribute.Name);
                _attribute.Bind(3, NextPlace(run, attempt));
                _attribute.Bind(4, ParameterJson.ToJson(attribute.Value));
                _attribute.Run();
                break;

            case TagNote tag:
                _tag.Bind(1, run.Value);
                _tag.Bind(2, tag.Tag);
                _tag.Bind(3, NextPlace(run, attempt));
                _tag.Run();
                break;

            case ParameterNote parameter:
                if (!_pending.TryGetValue(run, out var set))
                    _pending[run] = set = new(StringComparer.Ordinal);
                set[parameter.Name] = parameter.Value;
                break;

            case WarningNote warning:
                _warning.Bind(1, run.Value);
                _warning.Bind(2, warning.Name);
                _warning.Bind(3, warning.Reason);
                _warning.Bind(4, warning.At);
                _warning.Run();
                break;

            case ArtifactNote artifact:
                _artifact.Bind(1, run.Value);
                _artifact.Bind(2, artifact.Name);
                _artifact.Bind(3, artifact.Path);
                _artifact.Bind(4, artifact.Bytes);
                _artifact.Bind(5, artifact.Sha256);
                _artifact.Bind(6, artifact.At);
                _artifact.Run();
                break;

            case TaskNote task:
                _task.Bind(1, run.Value);
                _task.Bind(2, attempt);
                _task.Bind(3, task.Number);
                _task.Bind(4, task.Name);
                _task.Bind(5, task.StartedAt);
                _task.Bind(6, task.EndedAt is { } ended ? SqliteValues.FromTime(ended) : null);
                if (task.Failure is { } failure)
                    _task.Bind(7, JsonSerializer.SerializeToUtf8Bytes(failure, StoreJson.Default.RunFailure));
                else
                    _task.BindNull(7);
                _task.Run();
                break;

            default:
                throw new NotSupportedException($"The store knows no note {note.GetType().Name}.");
        }
    }

    /// <summary>Writes what was gathered over the group.</summary>
    public void Save()
    {
        foreach (var (run, set) in _pending)
        {
            _parameters.Bind(1, run.Value);
            if (!_parameters.Read())
                continue;
            var given = ParameterSet.FromJson(_parameters.Text(0));
            _parameters.Reset();
            _setParameters.Bind(1, run.Value);
            _setParameters.Bind(2, given.With(set).ToJson());
            _setParameters.Run();
        }

        _pending.Clear();
    }

    private long NextPlace(RunKey run, int attempt)
    {
        if (!_places.TryGetValue((run, attempt), out var last))
        {
            if (_places.Count == MostPlacesKept)
                _places.Clear();
            _lastPlace.Bind(1, run.Value);
            last = _lastPlace.Read() ? _lastPlace.Integer(0) : -1;
            _lastPlace.Reset();
        }

        return _places[(run, attempt)] = last + 1;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_lastPlace, _attribute, _tag, _artifact, _warning, _task, _parameters, _setParameters])
            statement.Dispose();
    }
}
