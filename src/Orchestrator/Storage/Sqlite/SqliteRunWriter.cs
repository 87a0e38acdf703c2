using System.Buffers;
using System.Text.Json;
using Orchestrator.Configuration;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Applies the commands of runs and attempts. A refused one changes nothing. Used by the writer, inside a transaction.</summary>
internal sealed class SqliteRunWriter(
    sqlite3 database, SweepTallies tallies, SqliteEventLog events, SqliteReports reports, SqliteAttempts attempts, SqliteNotes notes) : IDisposable
{
    private readonly SqliteStatement _insert = new(database, """
        INSERT INTO runs (key, state, proposal, attempts, replicate, seed, created_at, name, parameters)
        VALUES (?1, 0, ?2, 0, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (key) DO NOTHING
        """);

    private readonly SqliteStatement _start = new(database, """
        UPDATE runs SET state = 1, attempts = ?2, lease = ?3, started_at = ?4, ended_at = NULL, objective = NULL
        WHERE key = ?1 AND state = 0 AND attempts < ?2
        """);

    private readonly SqliteStatement _end = new(database, """
        UPDATE runs SET state = ?4, lease = NULL, objective = ?5, ended_at = ?6
        WHERE key = ?1 AND state = 1 AND lease = ?2 AND attempts = ?3
        """);

    private readonly SqliteStatement _find = new(database, "SELECT state, attempts FROM runs WHERE key = ?1");

    private readonly SqliteStatement _move = new(database, $"""
        UPDATE runs SET state = ?3, lease = NULL, ended_at = ?4, objective = CASE WHEN ?3 = 0 THEN NULL ELSE objective END,
            forgiven = CASE WHEN ?2 = {(int)RunState.Failed} THEN attempts ELSE forgiven END
        WHERE key = ?1 AND state = ?2
        """);

    private readonly SqliteStatement _lose = new(database, "UPDATE sweeps SET lost = ?2 WHERE key = ?1 AND lost IS NULL");
    private readonly SqliteCheckpoints _checkpoints = new(database);
    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private readonly Utf8JsonWriter _jsonWriter = new(Stream.Null, ParameterJson.Relaxed);

    public bool Queue(RunQueued run)
    {
        if (!tallies.Knows(run.Run.Sweep))
            return false;
        _json.ResetWrittenCount();
        _jsonWriter.Reset(_json);
        run.Parameters.WriteTo(_jsonWriter);
        _jsonWriter.Flush();

        _insert.Bind(1, run.Run.Value);
        _insert.Bind(2, run.Proposal);
        _insert.Bind(3, run.Replicate);
        _insert.Bind(4, run.Seed);
        _insert.Bind(5, run.At);
        _insert.Bind(6, run.Name);
        _insert.Bind(7, _json.WrittenSpan);
        if (_insert.Run() == 0)
            return false;
        tallies.Add(run.Run.Sweep, RunState.Queued);
        AddEvent(run.Run, (int)RunState.Queued, run.At);
        return true;
    }

    public bool Start(AttemptStarted attempt)
    {
        _start.Bind(1, attempt.Run.Value);
        _start.Bind(2, attempt.Attempt);
        _start.Bind(3, attempt.Lease);
        _start.Bind(4, attempt.At);
        if (_start.Run() == 0)
            return false;

        if (attempt.Attempt > 1)
            reports.Forget(attempt.Run);
        attempts.Start(attempt.Run, attempt.Attempt, attempt.At, attempt.Worker, attempt.Device, attempt.Environment);
        Moved(attempt.Run, RunState.Queued, RunState.Running, null, attempt.At);
        return true;
    }

    /// <summary>Stores what an attempt reported, if it still holds the run. Nothing waiting is no refusal: it was stored already.</summary>
    public bool Report(ReportBuffer buffer, out int points)
    {
        points = 0;
        if (buffer.IsDrained)
            return true;
        if (Find(buffer.Run) is not (RunState.Running, var holder) || holder != buffer.Attempt)
        {
            reports.Discard(buffer);
            return false;
        }

        points = reports.Store(buffer);
        return true;
    }

    public bool Note(RunNoted said)
    {
        if (Find(said.Run) is not (RunState.Running, var holder) || holder != said.Attempt)
            return false;
        if (said is CheckpointSaved checkpoint)
            _checkpoints.Store(checkpoint);
        else
            notes.Store(said.Run, said.Attempt, said.Note);
        return true;
    }

    public bool End(AttemptEnded attempt, out int points)
    {
        points = 0;
        _end.Bind(1, attempt.Run.Value);
        _end.Bind(2, attempt.Lease);
        _end.Bind(3, attempt.Attempt);
        _end.Bind(4, (int)attempt.Next);
        _end.Bind(5, attempt.Objective);
        _end.Bind(6, EndOf(attempt.Next, attempt.At));
        if (!RunStateMachine.CanMove(RunState.Running, attempt.Next) || _end.Run() == 0)
        {
            reports.Discard(attempt.Reports);
            return false;
        }

        points = reports.Store(attempt.Reports);
        _checkpoints.Remove(attempt.Run, attempt.SupersededCheckpoints);
        if (attempt.Failure is { } failure && DependsOnTheMachine(failure.Kind, attempt.Next))
            Lose(attempt.Run, $"run {attempt.Run.Number} ended by {Words.Of(failure.Kind)} in attempt {attempt.Attempt}");
        attempts.End(attempt.Run, attempt.Attempt, attempt.Outcome, attempt.Failure, attempt.At, attempt.Environment);
        Moved(attempt.Run, RunState.Running, attempt.Next, attempt.Objective, attempt.At);
        return true;
    }

    public bool Move(RunMoved move)
    {
        // A running run moves this way only if its attempt is given up as lost; otherwise it belongs to the attempt's lease.
        if (Find(move.Run) is not (var from, var last)
            || (move.OfAttempt is { } only && only != last)
            || !RunStateMachine.CanMove(from, move.To)
            || (from == RunState.Running) != (move.LostAttempt is not null)
            || move.To == RunState.Running)
        {
            return false;
        }

        _move.Bind(1, move.Run.Value);
        _move.Bind(2, (int)from);
        _move.Bind(3, (int)move.To);
        _move.Bind(4, EndOf(move.To, move.At));
        if (_move.Run() == 0)
            return false;
        if (move.LostAttempt is { } failure)
            attempts.End(move.Run, last, RunState.Failed, failure, move.At);
        if (from == RunState.Failed)
            Lose(move.Run, $"run {move.Run.Number} had failed and was tried again by hand");
        Moved(move.Run, from, move.To, null, move.At);
        return true;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_insert, _start, _end, _find, _move, _lose])
            statement.Dispose();
        _checkpoints.Dispose();
        _jsonWriter.Dispose();
    }

    private static long? EndOf(RunState state, DateTimeOffset at) => RunStateMachine.IsFinal(state) ? SqliteValues.FromTime(at) : null;

    private (RunState State, int Attempts)? Find(RunKey run)
    {
        _find.Bind(1, run.Value);
        if (!_find.Read())
            return null;
        var found = ((RunState)_find.Integer(0), (int)_find.Integer(1));
        _find.Reset();
        return found;
    }

    /// <summary>What another execution need not meet. A lost worker is one only where it is the run's end: it is tried again until then.</summary>
    private static bool DependsOnTheMachine(FailureKind kind, RunState next) =>
        kind is FailureKind.Timeout or FailureKind.OutOfMemory or FailureKind.ResourceLimit || (kind == FailureKind.WorkerLost && next == RunState.Failed);

    private void Lose(RunKey run, string reason)
    {
        _lose.Bind(1, run.Sweep);
        _lose.Bind(2, reason);
        _lose.Run();
    }

    private void Moved(RunKey run, RunState from, RunState to, double? objective, DateTimeOffset at)
    {
        tallies.Move(run, from, to, objective);
        AddEvent(run, SqliteValues.KindOf(from, to), at);
    }

    private void AddEvent(RunKey run, int kind, DateTimeOffset at) => events.Add(run.Sweep, kind, run.Number, at);
}
