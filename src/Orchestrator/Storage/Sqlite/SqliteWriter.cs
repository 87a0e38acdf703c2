using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// The one thread that writes: it takes what waits in the queue, applies it in one transaction, commits, and tells each command. Under
/// load groups grow by themselves; an idle writer sleeps until it is woken. It needs no thread of the pool to go on, since user code
/// may hold all of them.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MostCommands = 2_000;
    private const int MostPoints = 20_000;

    private readonly SqliteStoreOptions _options;
    private readonly SqliteBackoff _backoff;
    private readonly SqliteGroup _group;
    private readonly StoreQueue _queue;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(StoreCommand Command, bool Applied)> _taken = new(MostCommands);

    public SqliteWriter(SqliteStoreOptions options, sqlite3 database, StoreQueue queue)
    {
        (_options, _queue) = (options, queue);
        _backoff = new(options.TimeProvider, options.JitterSeed,
            waited => SqliteLog.Waiting(options.Logger, options.DatabaseFile, waited.TotalSeconds));
        _group = new(database, options.Home);
        _thread = new Thread(Loop) { IsBackground = true, Name = "store writer" };
        _thread.UnsafeStart(); // it outlives whoever opened the store, and must not carry that caller's ambient run along
    }

    /// <summary>Completes when the thread has ended: the queue was closed and drained, or the store failed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Gives up waiting for a database that another process holds.</summary>
    public void Abort() => _backoff.Abort();

    /// <summary>Frees the statements; called after <see cref="Ended"/>.</summary>
    public void Dispose()
    {
        _group.Dispose();
        _backoff.Dispose();
    }

    private void Loop()
    {
        try
        {
            while (_queue.WaitToTake())
                CommitGroup();
        }
        catch (Exception cause) // the last line of defence of a thread of its own: whatever it is, everybody waiting must hear of it
        {
            Fail(SqliteErrors.Explain(cause, _options.DatabaseFile));
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void CommitGroup()
    {
        _taken.Clear();
        _backoff.WhileBusy(_group.TryBegin);
        var points = 0;
        while (_taken.Count < MostCommands && points < MostPoints && _queue.TryTake(out var command))
        {
            _taken.Add((command, false));
            var applied = _group.Apply(command, out var stored);
            _taken[^1] = (command, applied);
            points += stored;
        }

        _queue.SignalSpace();
        _group.Save();
        _backoff.WhileBusy(_group.TryCommit);
        // A file that is removed while it is open takes everything, and says nothing: nobody may be told that this is kept.
        if (!File.Exists(_options.DatabaseFile))
            throw new StoreException(
                $"The database {_options.DatabaseFile} was removed while it was in use: nothing can be kept in it any more. Start again, and leave the home folder alone.");
        foreach (var (command, applied) in _taken)
            Tell(command, c => c.Committed(applied));
        _taken.Clear();
    }

    /// <summary>Undoes the open group and tells its commands, and all that wait, that the store has failed.</summary>
    private void Fail(StoreException cause)
    {
        SqliteLog.Failed(_options.Logger, cause);
        _queue.Close(cause);
        _group.Rollback();
        foreach (var (command, _) in _taken)
            Tell(command, c => c.Failed(cause));
        while (_queue.TryTake(out var command))
            Tell(command, c => c.Failed(cause));
    }

    private void Tell(StoreCommand command, Action<StoreCommand> tell)
    {
        try
        {
            tell(command);
        }
        catch (Exception cause) // it is committed whatever its owner makes of it; the others must be told
        {
            SqliteLog.CallbackThrew(_options.Logger, cause, command.GetType().Name);
        }
    }
}
