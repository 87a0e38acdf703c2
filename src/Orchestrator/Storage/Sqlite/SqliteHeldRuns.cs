using System.Globalization;
using Orchestrator.Runs;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Applies the beginnings of runs held by hand. Used by the writer, inside a transaction.</summary>
internal sealed class SqliteHeldRuns(sqlite3 database, SweepTallies tallies, SqliteEventLog events, SqliteAttempts attempts) : IDisposable
{
    private readonly SqliteStatement _byId = new(database, "SELECT key FROM runs WHERE id = ?1");
    private readonly SqliteStatement _last = new(database, "SELECT key FROM runs WHERE key >= ?1 AND key < ?2 ORDER BY key DESC LIMIT 1");
    private readonly SqliteStatement _row = new(database, "SELECT id, name, state, attempts, seed, parameters, project FROM runs WHERE key = ?1");

    private readonly SqliteStatement _insert = new(database, """
        INSERT INTO runs (key, id, state, proposal, attempts, lease, replicate, seed, created_at, started_at, name, parameters, project)
        VALUES (?1, ?2, 1, ?3, 1, ?4, 0, ?5, ?6, ?6, ?7, ?8, ?9)
        """);

    private readonly SqliteStatement _reopen = new(database, """
        UPDATE runs SET state = 1, attempts = ?2, lease = ?3, started_at = ?4, ended_at = NULL, objective = NULL, name = ?5, parameters = ?6,
                        project = coalesce(?7, project)
        WHERE key = ?1
        """);

    private readonly SqliteStatement _summaries = new(database, """
        SELECT n.name, m.count, m.last, m.last_step, m.min, m.max, m.sum
        FROM run_metrics m CROSS JOIN metric_names n ON n.id = m.metric
        WHERE m.run = ?1
        """);

    public bool Start(HeldRunStarted command)
    {
        command.Beginning = Begin(command);
        return command.Beginning.Refusal == HeldRunRefusal.None;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_byId, _last, _row, _insert, _reopen, _summaries])
            statement.Dispose();
    }

    private HeldRunBeginning Begin(HeldRunStarted command)
    {
        if (!tallies.Knows(command.Experiment))
            return new(HeldRunRefusal.NoExperiment);
        var last = KeyOf(_last, command.Experiment);
        var known = command.Id is { } id ? KeyOf(_byId, id) : null;
        if (!command.Resume)
            return known is null ? Add(command, last) : new(HeldRunRefusal.IdTaken) { Run = known.Value };
        return (command.Id is null ? last : known) is { } old ? Reopen(command, old) : Add(command, last);
    }

    private HeldRunBeginning Add(HeldRunStarted command, RunKey? last)
    {
        var run = new RunKey(command.Experiment, last is { } taken ? taken.Number + 1 : 0);
        var begun = new HeldRunBeginning(HeldRunRefusal.None)
        {
            Run = run,
            Id = command.Id ?? IdAt(command.At),
            Name = command.Name ?? RunNames.For(command.ExperimentId, run.Number),
            Project = command.Project,
            Attempt = 1,
            Seed = command.Seed,
            Parameters = command.Parameters,
        };
        _insert.Bind(1, run.Value);
        _insert.Bind(2, begun.Id);
        _insert.Bind(3, run.Number);
        _insert.Bind(4, command.Lease);
        _insert.Bind(5, begun.Seed);
        _insert.Bind(6, command.At);
        _insert.Bind(7, begun.Name);
        _insert.Bind(8, begun.Parameters.ToJson());
        _insert.Bind(9, begun.Project);
        _insert.Run();
        tallies.Add(run.Sweep, RunState.Running);
        events.Add(run.Sweep, (int)RunState.Queued, run.Number, command.At);
        Started(command, begun);
        return begun;
    }

    private HeldRunBeginning Reopen(HeldRunStarted command, RunKey run)
    {
        _row.Bind(1, run.Value);
        _row.Read();
        var state = (RunState)_row.Integer(2);
        var begun = new HeldRunBeginning(HeldRunRefusal.None)
        {
            Run = run,
            Id = _row.Text(0),
            Name = command.Name ?? _row.Text(1),
            Project = command.Project ?? (_row.IsNull(6) ? null : _row.Text(6)),
            Attempt = (int)_row.Integer(3) + 1,
            Seed = _row.Integer(4),
            Parameters = ParameterSet.FromJson(_row.Text(5)).With(command.Parameters),
            Resumed = true,
            Summaries = SummariesOf(run),
        };
        _row.Reset();
        if (run.Sweep != command.Experiment)
            return new(HeldRunRefusal.OtherExperiment) { Run = run };
        if (!RunStateMachine.CanReopen(state))
            return new(HeldRunRefusal.Running) { Run = run, Id = begun.Id };

        _reopen.Bind(1, run.Value);
        _reopen.Bind(2, begun.Attempt);
        _reopen.Bind(3, command.Lease);
        _reopen.Bind(4, command.At);
        _reopen.Bind(5, begun.Name);
        _reopen.Bind(6, begun.Parameters.ToJson());
        _reopen.Bind(7, command.Project);
        _reopen.Run();
        tallies.Move(run, state, RunState.Running, null);
        Started(command, begun);
        return begun;
    }

    private void Started(HeldRunStarted command, HeldRunBeginning begun)
    {
        attempts.Start(begun.Run, begun.Attempt, command.At, command.Worker, command.Device, command.Environment, command.Session);
        events.Add(begun.Run.Sweep, (int)RunState.Running, begun.Run.Number, command.At);
    }

    /// <summary>The time, to the microsecond; of several within one the later ones are given the next that are free.</summary>
    private string IdAt(DateTimeOffset at)
    {
        for (var time = at.UtcDateTime; ; time = time.AddMicroseconds(1))
        {
            var id = time.ToString("yyyyMMdd-HHmmss-ffffff", CultureInfo.InvariantCulture);
            if (KeyOf(_byId, id) is null)
                return id;
        }
    }

    private List<KeyValuePair<string, MetricSummary>> SummariesOf(RunKey run)
    {
        var found = new List<KeyValuePair<string, MetricSummary>>();
        _summaries.Bind(1, run.Value);
        while (_summaries.Read())
        {
            found.Add(new(_summaries.Text(0), new MetricSummary(
                _summaries.Integer(1), NumberAt(2), _summaries.Integer(3), NumberAt(4), NumberAt(5), NumberAt(6))));
        }

        return found;

        double NumberAt(int column) => _summaries.IsText(column) ? double.NaN : _summaries.Number(column);
    }

    private static RunKey? KeyOf(SqliteStatement statement, string id)
    {
        statement.Bind(1, id);
        return Key(statement);
    }

    private static RunKey? KeyOf(SqliteStatement statement, long experiment)
    {
        statement.Bind(1, new RunKey(experiment, 0).Value);
        statement.Bind(2, new RunKey(experiment + 1, 0).Value);
        return Key(statement);
    }

    private static RunKey? Key(SqliteStatement statement)
    {
        if (!statement.Read())
            return null;
        var key = new RunKey(statement.Integer(0));
        statement.Reset();
        return key;
    }
}
