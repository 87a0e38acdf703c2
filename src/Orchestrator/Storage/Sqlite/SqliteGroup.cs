using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>One transaction: begun, filled with commands, committed. Used by the writer's thread alone.</summary>
internal sealed class SqliteGroup : IDisposable
{
    private readonly sqlite3 _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SweepTallies _tallies;
    private readonly SqliteEventLog _events;
    private readonly SqliteReports _reports;
    private readonly SqliteAttempts _attempts;
    private readonly SqliteNotes _notes;
    private readonly SqliteRunWriter _runs;
    private readonly SqliteHeldRuns _held;
    private readonly SqliteSweepWriter _sweeps;
    private readonly SqliteRequests _requests;
    private readonly SqliteSweepRemover _remover;
    private readonly SqliteTrackerLosses _losses;

    public SqliteGroup(sqlite3 database, string home)
    {
        _database = database;
        _begin = new(database, "BEGIN IMMEDIATE"); // a read that turns into a write could be refused in the middle
        _commit = new(database, "COMMIT");
        _tallies = new(database);
        _events = new(database);
        _reports = new(database);
        _attempts = new(database);
        _notes = new(database);
        _runs = new(database, _tallies, _events, _reports, _attempts, _notes);
        _held = new(database, _tallies, _events, _attempts);
        _sweeps = new(database, _events, home);
        _requests = new(database);
        _remover = new(database);
        _losses = new(database);
    }

    /// <summary>Begins a transaction; false if another process has one open.</summary>
    public bool TryBegin() => _begin.RunUnlessBusy();

    /// <summary>Applies a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="points">How many reported points it stored.</param>
    /// <returns>False if it was refused, and nothing changed.</returns>
    public bool Apply(StoreCommand command, out int points)
    {
        points = 0;
        return command switch
        {
            RunQueued run => _runs.Queue(run),
            AttemptStarted attempt => _runs.Start(attempt),
            RunNoted said => _runs.Note(said),
            ReportsPending reports => _runs.Report(reports.Buffer, out points),
            AttemptEnded attempt => _runs.End(attempt, out points),
            TrackerLossNoted noted => _losses.Store(noted),
            RunMoved move => _runs.Move(move),
            HeldRunStarted run => _held.Start(run),
            ExperimentOpened experiment => _sweeps.Open(experiment),
            SweepChanged change => _sweeps.Change(change),
            SweepCreated sweep => _sweeps.Create(sweep),
            RequestAdded request => _requests.Add(request),
            RequestAnswered request => _requests.Answer(request),
            SweepRemoved removed => _remover.Remove(removed),
            SweepLeftoversRemoved chunk => _remover.RemoveLeftovers(chunk, out points),
            StoreFlushed => true,
            _ => throw new NotSupportedException($"The store knows no command {command.GetType().Name}."),
        };
    }

    /// <summary>Writes what was gathered over the group; the last thing before <see cref="TryCommit"/>.</summary>
    public void Save()
    {
        _notes.Save();
        _tallies.Save();
        _events.Save();
    }

    /// <summary>Makes it durable; false if another process is in the way just now.</summary>
    public bool TryCommit() => _commit.RunUnlessBusy();

    public void Rollback() => _database.Rollback();

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_begin, _commit, _tallies, _events, _reports, _attempts, _notes, _runs, _held, _sweeps, _requests, _remover, _losses])
            part.Dispose();
    }
}
