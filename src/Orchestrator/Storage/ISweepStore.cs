using Orchestrator.Experiments.Checkpoints;

namespace Orchestrator.Storage;

/// <summary>
/// The store of sweeps and runs: the single source of truth. One writer commits appended commands in groups, in the order in
/// which they were appended; reads see what is committed, from any number of processes.
/// </summary>
/// <remarks>
/// Threads: every member may be called from any thread. Exceptions: a store that can no longer write (disk full, file gone)
/// throws <see cref="StoreException"/> from every later write and names the cause; what was committed stays.
/// </remarks>
internal interface ISweepStore : IAsyncDisposable
{
    /// <summary>Whether what is stored can be looked at only: every write throws a <see cref="StoreException"/> that says why.</summary>
    bool IsReadOnly { get; }

    /// <summary>Records a new sweep, durably, and returns its key.</summary>
    Task<long> CreateSweepAsync(SweepRecord sweep, CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends a command. Completes at once unless the queue is full; never waits for the commit.
    /// </summary>
    ValueTask AppendAsync(StoreCommand command);

    /// <summary>As <see cref="AppendAsync"/>, blocking the thread while the queue is full.</summary>
    void Append(StoreCommand command);

    /// <summary>Completes when everything appended so far is durable.</summary>
    Task FlushAsync();

    /// <summary>The key and record of a sweep; with its best run if asked for.</summary>
    Task<(long Key, SweepRecord Sweep)?> FindSweepAsync(string id, bool withBest = true, CancellationToken cancellationToken = default);

    /// <summary>The sweeps, newest first.</summary>
    IAsyncEnumerable<SweepRecord> ListSweepsAsync(SweepQuery query, CancellationToken cancellationToken = default);

    /// <summary>A page of the sweeps, newest first: at most <see cref="SweepQuery.Limit"/> after the first <paramref name="skip"/>.</summary>
    Task<IReadOnlyList<SweepRecord>> SweepPageAsync(SweepQuery query, long skip, CancellationToken cancellationToken = default);

    /// <summary>How many sweeps of a query are in which state, whichever states it asks for. States without a sweep are left out.</summary>
    Task<IReadOnlyDictionary<SweepState, long>> CountSweepsAsync(SweepQuery query, CancellationToken cancellationToken = default);

    /// <summary>The projects that have a sweep, by name.</summary>
    Task<IReadOnlyList<string>> ProjectsAsync(CancellationToken cancellationToken = default);

    /// <summary>The runs of all sweeps by state.</summary>
    Task<RunCounts> TotalsAsync(CancellationToken cancellationToken = default);

    /// <summary>The failed runs of a sweep by fingerprint, the most frequent first.</summary>
    Task<FailureSummary> FailuresAsync(string sweepId, int count, CancellationToken cancellationToken = default);

    /// <summary>
    /// The id of the latest sweep or experiment; of one kind if that is given. An experiment is as late as its last run, a sweep as it was recorded.
    /// </summary>
    Task<string?> LatestAsync(ExperimentKind? kind = null, CancellationToken cancellationToken = default);

    /// <summary>One run; with its metrics, failure, tags and attributes.</summary>
    Task<RunRecord?> FindRunAsync(string sweepId, long number, CancellationToken cancellationToken = default);

    /// <summary>Runs, streamed in the order asked for.</summary>
    IAsyncEnumerable<RunRecord> QueryRunsAsync(RunQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// The best assignments by the mean objective of their completed runs, best first. Assignments with more completed replicates
    /// are not preferred; those with a pruned or failed replicate, whose mean is that of the lucky ones, come after all others.
    /// </summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="byMean">By the mean alone, whatever became of the other replicates.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<AssignmentSummary>> BestAssignmentsAsync(string sweepId, int count, bool byMean = false, CancellationToken cancellationToken = default);

    /// <summary>The attempts of a run, in order.</summary>
    Task<IReadOnlyList<AttemptRecord>> AttemptsAsync(string sweepId, long number, CancellationToken cancellationToken = default);

    /// <summary>The checkpoints of a run that count, newest first.</summary>
    Task<IReadOnlyList<StoredCheckpoint>> CheckpointsAsync(string sweepId, long number, CancellationToken cancellationToken = default);

    /// <summary>
    /// The series of a run's last attempt, in the order reported; of one metric if named. What an attempt went on from belongs to its series.
    /// </summary>
    IAsyncEnumerable<MetricPoint> SeriesAsync(
        string sweepId, long number, string? metric = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The shape of a run's series, for a curve: per metric the least and the greatest value of each of so many stretches. Values that are
    /// not finite are left out. The cost is bounded: of a very long series only a part is read.
    /// </summary>
    Task<IReadOnlyList<MetricPoint>> SeriesShapeAsync(string sweepId, long number, int stretches, CancellationToken cancellationToken = default);

    /// <summary>The series of the last attempts of several runs: by run, then in the order reported.</summary>
    IAsyncEnumerable<(long Number, MetricPoint Point)> SeriesAsync(
        string sweepId, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken = default);

    /// <summary>
    /// What the attempts before one have left for it to go on from: the series of the newest that has one, with the attempt that reported each value and its position.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="from">Only what stands at this position or behind it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<(int Attempt, long Position, MetricPoint Point)> SeriesBeforeAsync(
        RunKey run, int attempt, long from = 0, CancellationToken cancellationToken = default);

    /// <summary>The names that the runs of a sweep have given to things; of all sweeps if none is named. At most 10,000 of each.</summary>
    Task<RunVocabulary> VocabularyAsync(string? sweepId = null, CancellationToken cancellationToken = default);

    /// <summary>What happened to a sweep and its runs, in order, after the given sequence number.</summary>
    IAsyncEnumerable<StoredEvent> EventsAsync(string sweepId, long after = 0, CancellationToken cancellationToken = default);

    /// <summary>The requests to a sweep that nobody has answered, in order.</summary>
    Task<IReadOnlyList<StoredRequest>> OpenRequestsAsync(long sweep, CancellationToken cancellationToken = default);

    /// <summary>A request, answered or not.</summary>
    Task<StoredRequest?> FindRequestAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a sweep with its runs and events, durably. It is gone for everybody with the first commit; what belonged to it follows in
    /// chunks, between which others write. What a crash leaves over is removed with the next sweep. The caller holds the sweep's lock.
    /// </summary>
    /// <returns>Whether there was such a sweep.</returns>
    Task<bool> DeleteSweepAsync(string sweepId, CancellationToken cancellationToken = default);

    /// <summary>The runs of a name in the newest sweep or experiment that has one, by number; at most a few.</summary>
    /// <param name="name">The name.</param>
    /// <param name="sweepId">Only in this sweep or experiment.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    Task<IReadOnlyList<RunRecord>> FindRunsByNameAsync(string name, string? sweepId = null, CancellationToken cancellationToken = default);

    /// <summary>A run held by hand, by its id; with its metrics, failure, tags and attributes.</summary>
    Task<RunRecord?> FindRunAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>What is kept with a run beside its record; <see langword="null"/> if there is no such run.</summary>
    Task<RunDetails?> DetailsAsync(string sweepId, long number, CancellationToken cancellationToken = default);

    /// <summary>The runs held by hand that are recorded as being executed, whether somebody still does or not.</summary>
    Task<IReadOnlyList<HeldRun>> RunningHeldAsync(CancellationToken cancellationToken = default);

    /// <summary>What a coordinator needs to take a sweep up again. Runs that have ended are counted, not listed.</summary>
    Task<SweepProgress> ProgressAsync(long sweep, CancellationToken cancellationToken = default);
}
