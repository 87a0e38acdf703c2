namespace Orchestrator;

/// <summary>
/// Submits, watches, steers and queries sweeps: those that this host executes, those that another process executes, and past ones.
/// A singleton; safe for concurrent use. A sweep is named by its id, by
/// the beginning of its id where no other one begins so, or by its name, which means the latest of that name.
/// </summary>
public interface ISweepClient
{
    /// <summary>Records a sweep of registered trainables and starts it on this host's workers, beside the others. Returns at once.</summary>
    /// <exception cref="InvalidDefinitionException">The definition has mistakes; all are listed and nothing was recorded.</exception>
    Task<SweepRecord> SubmitAsync(SweepDefinition definition, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>As the other overload, from a sweep file.</summary>
    /// <exception cref="InvalidSweepFileException">The file has mistakes; all are listed with their places and nothing was recorded.</exception>
    Task<SweepRecord> SubmitAsync(string file, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Goes on with a stored sweep on this host's workers. Returns at once.</summary>
    /// <exception cref="SweepNotFoundException">There is no such sweep.</exception>
    Task<SweepRecord> ResumeAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>Completes when the sweep ends, wherever it is executed; the sweep as it is then.</summary>
    /// <exception cref="SweepNotFoundException">There is no such sweep.</exception>
    Task<SweepRecord> WaitAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>What happens to the sweep and its runs, from the beginning and in order, until it ends.</summary>
    /// <exception cref="SweepNotFoundException">There is no such sweep.</exception>
    IAsyncEnumerable<SweepChange> WatchAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>Starts nothing new until the sweep is continued. <exception cref="SteeringException">It cannot be done; the message says why.</exception></summary>
    Task<string> PauseAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>Goes on after a pause. <exception cref="SteeringException">It cannot be done; the message says why.</exception></summary>
    Task<string> ContinueAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>Starts nothing new and lets running runs end. <exception cref="SteeringException">It cannot be done; the message says why.</exception></summary>
    Task<string> StopAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>Ends running runs, too; they can be resumed. <exception cref="SteeringException">It cannot be done; the message says why.</exception></summary>
    Task<string> CancelAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>Changes limits and priority. <exception cref="SteeringException">It cannot be done; the message says why.</exception></summary>
    Task<string> SetAsync(string sweep, SweepSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Queues failed runs again; a sweep that nobody executes is resumed by <see cref="ResumeAsync"/>.</summary>
    /// <exception cref="SteeringException">It cannot be done; the message says why.</exception>
    Task<string> RetryAsync(string sweep, RetrySelection selection, CancellationToken cancellationToken = default);

    /// <summary>A sweep; <see langword="null"/> if there is none of that id or name.</summary>
    Task<SweepRecord?> FindAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>The sweeps, newest first, read while they are enumerated.</summary>
    /// <param name="project">Only those of this project.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<SweepRecord> ListAsync(string? project = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The runs of a sweep by number, read while they are enumerated; filter them with LINQ on state, tags, parameters and metrics.
    /// </summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="states">Only runs in these states; none: all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<RunRecord> RunsAsync(string sweep, IReadOnlyList<RunState>? states = null, CancellationToken cancellationToken = default);

    /// <summary>A run by its id, or by the name of its sweep and its number (<c>NAME/12</c>); <see langword="null"/> if there is none.</summary>
    Task<RunRecord?> FindRunAsync(string run, CancellationToken cancellationToken = default);
}

/// <summary>How a sweep is submitted.</summary>
public sealed class SubmitOptions
{
    /// <summary>A sweep of higher priority takes free workers first. Default: 0.</summary>
    public int Priority { get; set; }

    /// <summary>How many of its runs are executed at once; at least 1. Default: as many as the host has workers.</summary>
    public int? Workers { get; set; }

    /// <summary>Changes to a sweep file before it is read: <c>path.in.file=value</c>.</summary>
    public IReadOnlyList<string> Set { get; set; } = [];

    /// <summary>Watches the sweep while this host executes it.</summary>
    public ISweepObserver? Observer { get; set; }
}

/// <summary>What may be changed while a sweep stands. What is <see langword="null"/> stays as it is.</summary>
public sealed record SweepSettings
{
    /// <summary>The new <c>limits.maxRuns</c>; not below the number of runs there are.</summary>
    public long? MaxRuns { get; init; }

    /// <summary>So many more than the present <c>limits.maxRuns</c>.</summary>
    public long? MoreRuns { get; init; }

    /// <summary>The new <c>limits.maxConcurrent</c>.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>The new <c>limits.duration</c>.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The new priority.</summary>
    public int? Priority { get; init; }

    /// <summary>The new <c>timeout</c>, of attempts that begin from now on.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The new <c>retry.maxAttempts</c>, for attempts that fail from now on.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The new <c>retry.backoff</c>, for attempts that fail from now on.</summary>
    public TimeSpan? Backoff { get; init; }

    /// <summary>The new <c>resources.memory</c>, in bytes; only while nobody executes the sweep, since its runs are packed by it.</summary>
    public long? Memory { get; init; }

    /// <summary>The new <c>resources.artifacts</c>, in bytes, of attempts that begin from now on.</summary>
    public long? Artifacts { get; init; }

    /// <summary>The new <c>resources.log</c>, in bytes, of attempts that begin from now on.</summary>
    public long? Log { get; init; }
}

/// <summary>Which failed runs to try again.</summary>
public sealed record RetrySelection
{
    /// <summary>Every failed run.</summary>
    public static RetrySelection AllFailed { get; } = new();

    /// <summary>Only those with this fingerprint.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Only these, by number.</summary>
    public IReadOnlyList<long>? Runs { get; init; }
}

/// <summary>Something that happened to a sweep or one of its runs.</summary>
/// <param name="Sequence">Rises from one to the next.</param>
/// <param name="Kind"><c>run.queued</c>, <c>run.running</c>, <c>run.completed</c>, <c>run.failed</c>, <c>sweep.running</c>, ...</param>
/// <param name="Run">The number of the run; <see langword="null"/> for the sweep itself.</param>
/// <param name="At">When.</param>
public sealed record SweepChange(long Sequence, string Kind, long? Run, DateTimeOffset At);

/// <summary>A sweep cannot do what was asked of it; the message says why.</summary>
public sealed class SteeringException(string message) : Exception(message);
