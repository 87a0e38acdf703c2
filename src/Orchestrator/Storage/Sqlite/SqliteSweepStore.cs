using Orchestrator.Experiments.Checkpoints;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// The store in one SQLite file with a write-ahead log: a writer of its own on a thread of its own, and a few connections for reads.
/// Any number of processes may have the same file open.
/// </summary>
internal sealed class SqliteSweepStore : ISweepStore
{
    private const int MostReaders = 4;

    private readonly SqliteStoreOptions _options;
    private readonly sqlite3? _database;
    private readonly StoreQueue _queue;
    private readonly SqliteWriter? _writer;
    private readonly SqliteReadPool _pool;
    private readonly SqliteSweepReader _sweeps;
    private readonly SqliteSweepPages _pages;
    private readonly SqliteFailureReader _failures;
    private readonly SqliteSeriesShape _shapes;
    private readonly SqliteRunReader _runs;
    private readonly SqliteHistoryReader _history;
    private readonly SqliteProgressReader _progress;
    private readonly SqliteAssignmentReader _assignments;
    private readonly SqliteHeldRunReader _held;
    private readonly bool _mayChange;
    private int _disposed;

    /// <param name="options">How it is opened.</param>
    /// <param name="database">The writer's connection; <see langword="null"/>: it is only read.</param>
    /// <param name="why">Why it is only read, if that may change.</param>
    private SqliteSweepStore(SqliteStoreOptions options, sqlite3? database, StoreException? why = null)
    {
        (_options, _database) = (options, database);
        _queue = new(options.QueueCapacity);
        if (database is not null)
            _writer = new(options, database, _queue);
        else
            _queue.Close(why ?? SqliteErrors.ReadOnly(options.DatabaseFile));
        _mayChange = database is not null || why is not null;
        _pool = new(options.DatabaseFile, MostReaders, IsReadOnly ? SqliteConnections.OpenReadOnly : SqliteConnections.OpenReader);
        _sweeps = new(_pool, options.Home);
        _pages = new(_pool, _sweeps);
        _failures = new(_pool);
        _shapes = new(_pool);
        _runs = new(_pool);
        _history = new(_pool);
        _progress = new(_pool);
        _assignments = new(_pool);
        _held = new(_pool);
    }

    /// <summary>Opens the database, made or brought up to date if need be.</summary>
    /// <exception cref="StoreException">
    /// The file is damaged, another program's, a newer version's, or cannot be opened or written. What is not ours keeps every byte.
    /// </exception>
    public static Task<SqliteSweepStore> OpenAsync(SqliteStoreOptions options, CancellationToken cancellationToken = default) =>
        Task.Run(() => new SqliteSweepStore(options, SqliteConnections.OpenWriter(options)), cancellationToken);

    /// <summary>Opens a database that may not be written, to look at it.</summary>
    /// <exception cref="StoreException">It cannot be read either, or an older version wrote it and it cannot be brought up to date.</exception>
    /// <param name="options">How it is opened.</param>
    /// <param name="why">Why it could not be opened for writing, if that may change; whoever writes is told.</param>
    /// <param name="cancellationToken">Ends the opening before it begins.</param>
    public static Task<SqliteSweepStore> OpenReadOnlyAsync(
        SqliteStoreOptions options, StoreException? why = null, CancellationToken cancellationToken = default) =>
        Task.Run(
            () =>
            {
                SqliteConnections.CheckReadOnly(options);
                return new SqliteSweepStore(options, database: null, why);
            },
            cancellationToken);

    public bool IsReadOnly => _database is null;

    /// <summary>Whether nothing can be written through it any more, while a store that is opened anew may be better off: a disk was full.</summary>
    public bool HasFailed => _mayChange && _queue.Failure is not null;

    public async Task<long> CreateSweepAsync(SweepRecord sweep, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var command = new SweepCreated(sweep);
        await _queue.AppendAsync(command).ConfigureAwait(false);
        return await command.Key.ConfigureAwait(false); // not cut short: whoever gave up would leave a sweep that nobody knows
    }

    public ValueTask AppendAsync(StoreCommand command) => _queue.AppendAsync(command);

    public void Append(StoreCommand command) => _queue.Append(command);

    public async Task FlushAsync()
    {
        var flush = new StoreFlushed();
        await _queue.AppendAsync(flush).ConfigureAwait(false);
        await flush.Done.ConfigureAwait(false);
    }

    public Task<(long Key, SweepRecord Sweep)?> FindSweepAsync(
        string id, bool withBest = true, CancellationToken cancellationToken = default) =>
        _sweeps.FindAsync(id, withBest, cancellationToken);

    public IAsyncEnumerable<SweepRecord> ListSweepsAsync(SweepQuery query, CancellationToken cancellationToken = default) =>
        _sweeps.ListAsync(query, cancellationToken);

    public Task<IReadOnlyList<SweepRecord>> SweepPageAsync(SweepQuery query, long skip, CancellationToken cancellationToken = default) =>
        _pages.PageAsync(query, skip, cancellationToken);

    public Task<IReadOnlyDictionary<SweepState, long>> CountSweepsAsync(SweepQuery query, CancellationToken cancellationToken = default) =>
        _pages.CountAsync(query, cancellationToken);

    public Task<IReadOnlyList<string>> ProjectsAsync(CancellationToken cancellationToken = default) => _pages.ProjectsAsync(cancellationToken);

    public Task<RunCounts> TotalsAsync(CancellationToken cancellationToken = default) => _pages.TotalsAsync(cancellationToken);

    public Task<FailureSummary> FailuresAsync(string sweepId, int count, CancellationToken cancellationToken = default) =>
        _failures.ReadAsync(sweepId, count, cancellationToken);

    public Task<IReadOnlyList<MetricPoint>> SeriesShapeAsync(
        string sweepId, long number, int stretches, CancellationToken cancellationToken = default) =>
        _shapes.ReadAsync(sweepId, number, stretches, cancellationToken);

    public Task<string?> LatestAsync(ExperimentKind? kind = null, CancellationToken cancellationToken = default) =>
        _sweeps.LatestAsync(kind, cancellationToken);

    public Task<RunRecord?> FindRunAsync(string sweepId, long number, CancellationToken cancellationToken = default) =>
        _runs.FindAsync(sweepId, number, cancellationToken);

    public IAsyncEnumerable<RunRecord> QueryRunsAsync(RunQuery query, CancellationToken cancellationToken = default) =>
        _runs.QueryAsync(query, cancellationToken);

    public Task<IReadOnlyList<AssignmentSummary>> BestAssignmentsAsync(
        string sweepId, int count, bool byMean = false, CancellationToken cancellationToken = default) =>
        _assignments.BestAsync(sweepId, count, byMean, cancellationToken);

    public Task<IReadOnlyList<AttemptRecord>> AttemptsAsync(string sweepId, long number, CancellationToken cancellationToken = default) =>
        _history.AttemptsAsync(sweepId, number, cancellationToken);

    public Task<IReadOnlyList<StoredCheckpoint>> CheckpointsAsync(string sweepId, long number, CancellationToken cancellationToken = default) =>
        _history.CheckpointsAsync(sweepId, number, cancellationToken);

    public IAsyncEnumerable<MetricPoint> SeriesAsync(
        string sweepId, long number, string? metric = null, CancellationToken cancellationToken = default) =>
        _history.SeriesAsync(sweepId, number, metric, cancellationToken);

    public IAsyncEnumerable<StoredEvent> EventsAsync(string sweepId, long after = 0, CancellationToken cancellationToken = default) =>
        _history.EventsAsync(sweepId, after, cancellationToken);

    public Task<IReadOnlyList<StoredRequest>> OpenRequestsAsync(long sweep, CancellationToken cancellationToken = default) =>
        _pool.ReadAsync(connection => SqliteRequests.Open(connection, sweep), cancellationToken);

    public Task<StoredRequest?> FindRequestAsync(long id, CancellationToken cancellationToken = default) =>
        _pool.ReadAsync(connection => SqliteRequests.Find(connection, id), cancellationToken);

    public IAsyncEnumerable<(long Number, MetricPoint Point)> SeriesAsync(
        string sweepId, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken = default) =>
        _history.SeriesAsync(sweepId, numbers, cancellationToken);

    public IAsyncEnumerable<(int Attempt, long Position, MetricPoint Point)> SeriesBeforeAsync(
        RunKey run, int attempt, long from = 0, CancellationToken cancellationToken = default) =>
        _history.SeriesBeforeAsync(run, attempt, from, cancellationToken);

    public Task<IReadOnlyList<RunRecord>> FindRunsByNameAsync(string name, string? sweepId = null, CancellationToken cancellationToken = default) =>
        _runs.ByNameAsync(name, sweepId, cancellationToken);

    public Task<RunVocabulary> VocabularyAsync(string? sweepId = null, CancellationToken cancellationToken = default) =>
        _history.VocabularyAsync(sweepId, cancellationToken);

    public async Task<bool> DeleteSweepAsync(string sweepId, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await _sweeps.FindAsync(sweepId, withBest: false, cancellationToken).ConfigureAwait(false) is not var (key, _))
            return false;
        var removed = new SweepRemoved(key);
        await _queue.AppendAsync(removed).ConfigureAwait(false);
        var found = await removed.Applied.ConfigureAwait(false);
        foreach (var gone in await _pool.ReadAsync(SqliteLeftovers.Sweeps, cancellationToken).ConfigureAwait(false))
        {
            SweepLeftoversRemoved chunk;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                chunk = new SweepLeftoversRemoved(gone);
                await _queue.AppendAsync(chunk).ConfigureAwait(false);
            }
            while (await chunk.Applied.ConfigureAwait(false));
        }

        return found;
    }

    public Task<RunRecord?> FindRunAsync(string id, CancellationToken cancellationToken = default) => _held.FindAsync(id, cancellationToken);

    public Task<RunDetails?> DetailsAsync(string sweepId, long number, CancellationToken cancellationToken = default) =>
        _held.DetailsAsync(sweepId, number, cancellationToken);

    public Task<IReadOnlyList<HeldRun>> RunningHeldAsync(CancellationToken cancellationToken = default) => _held.RunningAsync(cancellationToken);

    public Task<SweepProgress> ProgressAsync(long sweep, CancellationToken cancellationToken = default) =>
        _progress.ReadAsync(sweep, cancellationToken);

    /// <summary>Writes what waits, then closes. What another process keeps from being written is given up after the grace.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            await (_writer?.Ended ?? Task.CompletedTask).ConfigureAwait(false);
            return;
        }

        _queue.Close();
        if (_writer is not null)
        {
            using var grace = new CancellationTokenSource(_options.DisposeGrace, _options.TimeProvider);
            using (grace.Token.Register(_writer.Abort))
                await _writer.Ended.ConfigureAwait(false);
        }

        await _pool.DisposeAsync().ConfigureAwait(false);
        _writer?.Dispose();
        _database?.Dispose(); // the last one of all processes to close copies the log into the database
        _queue.Dispose();
    }
}
