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

    /// <summary>One run; with its metrics, failure, tags and attributes.</summary>
    Task<RunRecord?> FindRunAsync(string sweepId, long number, CancellationToken cancellationToken = default);

    /// <summary>Runs, streamed in the order asked for.</summary>
    IAsyncEnumerable<RunRecord> QueryRunsAsync(RunQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// The best assignments by the mean objective of their completed runs, best first. Assignments with more completed replicates
    /// are not preferred; those with a pruned or failed replicate count by their completed ones.
    /// </summary>
    Task<IReadOnlyList<AssignmentSummary>> BestAssignmentsAsync(string sweepId, int count, CancellationToken cancellationToken = default);

    /// <summary>The attempts of a run, in order.</summary>
    Task<IReadOnlyList<AttemptRecord>> AttemptsAsync(string sweepId, long number, CancellationToken cancellationToken = default);

    /// <summary>The series of a run's last attempt, in the order reported; of one metric if named.</summary>
    IAsyncEnumerable<MetricPoint> SeriesAsync(string sweepId, long number, string? metric = null, CancellationToken cancellationToken = default);

    /// <summary>The series of the last attempts of several runs: by run, then in the order reported.</summary>
    IAsyncEnumerable<(long Number, MetricPoint Point)> SeriesAsync(
        string sweepId, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken = default);

    /// <summary>The names that the runs of a sweep have given to things; of all sweeps if none is named. At most 10,000 of each.</summary>
    Task<RunVocabulary> VocabularyAsync(string? sweepId = null, CancellationToken cancellationToken = default);

    /// <summary>What happened to a sweep and its runs, in order, after the given sequence number.</summary>
    IAsyncEnumerable<StoredEvent> EventsAsync(string sweepId, long after = 0, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a sweep with its runs and events, durably. It is gone for everybody with the first commit; what belonged to it follows in
    /// chunks, between which others write. What a crash leaves over is removed with the next sweep. The caller holds the sweep's lock.
    /// </summary>
    /// <returns>Whether there was such a sweep.</returns>
    Task<bool> DeleteSweepAsync(string sweepId, CancellationToken cancellationToken = default);

    /// <summary>What a coordinator needs to take a sweep up again. Runs that have ended are counted, not listed.</summary>
    Task<SweepProgress> ProgressAsync(long sweep, CancellationToken cancellationToken = default);
}

/// <summary>The store can no longer do what it was asked; the message says why and what to do.</summary>
public sealed class StoreException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Which sweeps to list. What is <see langword="null"/> does not restrict.</summary>
internal sealed record SweepQuery
{
    public string? Project { get; init; }
    public string? Identity { get; init; }

    /// <summary>Only sweeps that can be resumed (or are being executed).</summary>
    public bool Unfinished { get; init; }
    public int? Limit { get; init; }
}

/// <summary>The order of runs.</summary>
internal enum RunOrder
{
    Number,
    Objective,
    Started,
    Ended,
    Duration,
}

/// <summary>Which runs to read.</summary>
internal sealed record RunQuery
{
    public required string Sweep { get; init; }

    /// <summary>Only these states; empty: all.</summary>
    public IReadOnlyList<RunState> States { get; init; } = [];

    /// <summary>Only runs with at least this number.</summary>
    public long FirstNumber { get; init; }

    /// <summary>Only runs with a smaller number.</summary>
    public long? EndNumber { get; init; }
    public RunOrder Order { get; init; }
    public bool Descending { get; init; }
    public int? Limit { get; init; }
}

/// <summary>The names that runs have given to things.</summary>
/// <param name="Metrics">What they reported, in the order in which it was first reported here.</param>
/// <param name="Tags">Their tags, by name.</param>
/// <param name="Attributes">Their attributes, by name.</param>
internal sealed record RunVocabulary(IReadOnlyList<string> Metrics, IReadOnlyList<string> Tags, IReadOnlyList<string> Attributes);

/// <summary>The runs of one assignment.</summary>
/// <param name="Proposal">The number of the assignment.</param>
/// <param name="Parameters">The assignment.</param>
/// <param name="Runs">How many of its runs completed.</param>
/// <param name="Mean">The mean of their objectives.</param>
/// <param name="StandardDeviation">The sample standard deviation of their objectives; 0 for one run.</param>
/// <param name="Metrics">The mean over its completed runs of each metric's last value.</param>
/// <param name="Deviations">The sample standard deviation of the same.</param>
internal sealed record AssignmentSummary(
    long Proposal,
    ParameterSet Parameters,
    int Runs,
    double Mean,
    double StandardDeviation,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, double> Deviations);

/// <summary>One attempt at a run.</summary>
internal sealed record AttemptRecord(
    int Number, RunState State, string Worker, string? Device, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, RunFailure? Failure);

/// <summary>Something that happened: <c>run.queued</c>, <c>run.running</c>, <c>run.completed</c>, <c>sweep.running</c>, ...</summary>
internal sealed record StoredEvent(long Sequence, string Kind, long? RunNumber, DateTimeOffset At);

/// <summary>A run that has not ended, or was canceled: what resume takes up.</summary>
internal sealed record OpenRun(
    long Number, long Proposal, int Replicate, long Seed, RunState State, int Attempts, ParameterSet Parameters, string Name);

/// <summary>An assignment of which some replicates have ended and others not.</summary>
/// <param name="Proposal">The number of the assignment.</param>
/// <param name="Ended">How many of its runs completed, failed or were pruned. A canceled run is open: it can be resumed.</param>
/// <param name="Completed">How many of them completed.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Pruned">How many of them were pruned.</param>
/// <param name="ObjectiveSum">The sum of the objectives of the completed ones.</param>
internal sealed record PartialProposal(long Proposal, int Ended, int Completed, int Failed, int Pruned, double ObjectiveSum);

/// <summary>Where a stored sweep stands.</summary>
internal sealed record SweepProgress
{
    /// <summary>The number of the next run to be made: all smaller ones are stored.</summary>
    public required long NextNumber { get; init; }

    public required RunCounts Counts { get; init; }

    /// <summary>Failed runs at the end of the order in which runs ended, canceled ones passed over; none after a failed run was queued again.</summary>
    public required int ConsecutiveFailures { get; init; }

    /// <summary>Runs that are queued, running, paused or canceled, by number.</summary>
    public required IReadOnlyList<OpenRun> Open { get; init; }

    /// <summary>
    /// Assignments with ended and open replicates, by number; also the newest one if any of its runs has ended, since further replicates
    /// of it may be still to be made.
    /// </summary>
    public required IReadOnlyList<PartialProposal> Partial { get; init; }

    /// <summary>The best objective of a completed run.</summary>
    public double? BestObjective { get; init; }

    public double ElapsedSeconds { get; init; }
}
