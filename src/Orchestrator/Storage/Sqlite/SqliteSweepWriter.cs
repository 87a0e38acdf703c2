using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Applies the commands of sweeps. Used by the writer, inside a transaction.</summary>
/// <param name="database">The writer's connection.</param>
/// <param name="events">Where changes are noted.</param>
/// <param name="home">Where the database lies now.</param>
internal sealed class SqliteSweepWriter(sqlite3 database, SqliteEventLog events, string home) : IDisposable
{
    private readonly SqliteStatement _insert = new(database, """
        INSERT INTO sweeps (id, state, name, project, method, identity, metric, goal, target, metric_from, created_at, started_at, ended_at,
                            elapsed_seconds, planned_runs, end_reason, description, file, definition, priority, hosted, kind, home, folder, file_hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
        ON CONFLICT (id) DO NOTHING
        RETURNING key
        """);

    private readonly SqliteStatement _insertTally = new(database, "INSERT INTO tallies (sweep) VALUES (?1)");

    private readonly SqliteStatement _insertTag = new(database, """
        INSERT INTO sweep_tags (sweep, tag, position) VALUES (?1, ?2, ?3) ON CONFLICT (sweep, tag) DO NOTHING
        """);

    private readonly SqliteStatement _insertAttribute = new(database, """
        INSERT INTO sweep_attributes (sweep, name, position, value) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (sweep, name) DO UPDATE SET value = excluded.value
        """);

    private readonly SqliteStatement _experiment = new(database, "SELECT key, id FROM sweeps WHERE kind = 1 AND identity = ?1 AND project = ?2");
    private readonly SqliteStatement _state = new(database, "SELECT state FROM sweeps WHERE key = ?1");

    private readonly SqliteStatement _change = new(database, """
        UPDATE sweeps
        SET state = ?2,
            end_reason = coalesce(?3, CASE WHEN ?2 = 1 THEN NULL ELSE end_reason END),
            elapsed_seconds = coalesce(?4, elapsed_seconds),
            elapsed_at = CASE WHEN ?4 IS NOT NULL OR (?2 = 1 AND state NOT IN (1, 2)) THEN ?6 ELSE elapsed_at END,
            planned_runs = coalesce(?5, planned_runs),
            started_at = CASE WHEN ?2 = 1 THEN coalesce(started_at, ?6) ELSE started_at END,
            ended_at = coalesce(?7, ended_at),
            definition = coalesce(?8, definition),
            priority = coalesce(?9, priority),
            decided_from = coalesce(?10, decided_from),
            hosted = coalesce(?11, hosted)
        WHERE key = ?1
        """);

    public bool Create(SweepCreated command)
    {
        if (Add(command.Sweep) is not { } key)
            return false;
        command.AssignedKey = key;
        return true;
    }

    /// <summary>Finds the experiment of an identity in a project, or adds it; and its labels to those that it has.</summary>
    public bool Open(ExperimentOpened command)
    {
        var experiment = command.Experiment;
        _experiment.Bind(1, experiment.Identity);
        _experiment.Bind(2, experiment.Project);
        if (_experiment.Read())
        {
            command.Assigned = (_experiment.Integer(0), _experiment.Text(1));
            _experiment.Reset();
            InsertLabels(command.Assigned.Key, experiment);
            return true;
        }

        if (Add(experiment) is not { } key)
            return false;
        command.Assigned = (key, experiment.Id);
        return true;
    }

    private long? Add(SweepRecord sweep)
    {
        _insert.Bind(1, sweep.Id);
        _insert.Bind(2, (int)sweep.State);
        _insert.Bind(3, sweep.Name);
        _insert.Bind(4, sweep.Project);
        _insert.Bind(5, sweep.Method);
        _insert.Bind(6, sweep.Identity);
        _insert.Bind(7, sweep.Metric.Name);
        _insert.Bind(8, (int)sweep.Metric.Goal);
        _insert.Bind(9, sweep.Metric.Target);
        _insert.Bind(10, (int)sweep.Metric.From);
        _insert.Bind(11, sweep.CreatedAt);
        _insert.Bind(12, sweep.StartedAt is { } started ? SqliteValues.FromTime(started) : null);
        _insert.Bind(13, sweep.EndedAt is { } ended ? SqliteValues.FromTime(ended) : null);
        _insert.Bind(14, sweep.ElapsedSeconds);
        _insert.Bind(15, sweep.PlannedRuns);
        _insert.Bind(16, sweep.EndReason);
        _insert.Bind(17, sweep.Description);
        _insert.Bind(18, sweep.File);
        _insert.Bind(19, sweep.Definition);
        _insert.Bind(20, sweep.Priority);
        _insert.Bind(21, sweep.IsHosted ? 1 : 0);
        _insert.Bind(22, (int)sweep.Kind);
        _insert.Bind(23, home);
        _insert.Bind(24, sweep.Folder);
        _insert.Bind(25, sweep.FileHash);
        if (!_insert.Read())
            return null;
        var key = _insert.Integer(0);
        _insert.Reset();

        _insertTally.Bind(1, key);
        _insertTally.Run();
        InsertLabels(key, sweep);
        events.Add(key, SqliteValues.KindOf(sweep.State), null, sweep.CreatedAt);
        return key;
    }

    public bool Change(SweepChanged change)
    {
        _state.Bind(1, change.Sweep);
        if (!_state.Read())
            return false;
        var before = (SweepState)_state.Integer(0);
        _state.Reset();

        var after = change.State ?? before;
        var ends = change.State is SweepState.Completed or SweepState.Stopped or SweepState.Interrupted or SweepState.Failed;
        _change.Bind(1, change.Sweep);
        _change.Bind(2, (int)after);
        _change.Bind(3, change.EndReason);
        _change.Bind(4, change.ElapsedSeconds);
        _change.Bind(5, change.PlannedRuns);
        _change.Bind(6, change.At);
        _change.Bind(7, ends && after != before ? SqliteValues.FromTime(change.At) : null);
        _change.Bind(8, change.Definition);
        _change.Bind(9, change.Priority);
        _change.Bind(10, change.DecidedFrom);
        _change.Bind(11, change.IsHosted is { } hosted ? (hosted ? 1 : 0) : null);
        _change.Run();
        if (after != before)
            events.Add(change.Sweep, SqliteValues.KindOf(after), null, change.At);
        return true;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_insert, _insertTally, _insertTag, _insertAttribute, _experiment, _state, _change])
            statement.Dispose();
    }

    private void InsertLabels(long key, SweepRecord sweep)
    {
        for (var i = 0; i < sweep.Tags.Count; i++)
        {
            _insertTag.Bind(1, key);
            _insertTag.Bind(2, sweep.Tags[i]);
            _insertTag.Bind(3, i);
            _insertTag.Run();
        }

        var position = 0;
        foreach (var (name, value) in sweep.Attributes)
        {
            _insertAttribute.Bind(1, key);
            _insertAttribute.Bind(2, name);
            _insertAttribute.Bind(3, position++);
            _insertAttribute.Bind(4, ParameterJson.ToJson(value));
            _insertAttribute.Run();
        }
    }
}
