using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Configuration;
using Orchestrator.Execution;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Sweeps;
using Orchestrator.Telemetry;
using Orchestrator.Text;
using Orchestrator.Tracking;

namespace Orchestrator.Experiments;

/// <summary>What is to be begun.</summary>
internal sealed record HeldRunRequest
{
    public required string Experiment { get; init; }
    public required ExperimentConfiguration Configuration { get; init; }
    public required ExperimentOptions Options { get; init; }
    public required RunOptions Run { get; init; }
    public required IReadOnlyList<TrackerReference> Trackers { get; init; }
    public required IReadOnlyDictionary<string, ITrackerFactory> OwnTrackers { get; init; }

    /// <summary>The experiment's, then the run's.</summary>
    public IEnumerable<string> Tags => Options.Tags.Concat(Run.Tags);

    /// <summary>The experiment's, then the run's.</summary>
    public IEnumerable<KeyValuePair<string, ParameterValue>> Attributes => Options.Attributes.Concat(Run.Attributes);
}

/// <summary>
/// Begins and ends runs that are held by hand, for all experiments of a home in this process: on the store, the trackers and the attempts
/// that sweeps use. Disposing drains the trackers and lets go of the session.
/// </summary>
internal sealed partial class HeldRuns(
    StoreProvider stores,
    OrchestratorHome home,
    AttemptLife life,
    LostRuns lost,
    IOptions<OrchestratorOptions> options,
    IRunTrackingFactory tracking,
    IEnumerable<ITrackerFactory> factories,
    TimeProvider time,
    ILogger<HeldRuns> logger) : IAsyncDisposable
{
    /// <summary>How long the end of a run waits for its trackers, until one was slower.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private static readonly string Worker = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");

    private readonly ConcurrentDictionary<(string Identity, string Project), Task<(long Key, string Id)>> _experiments = [];
    private readonly CheckpointTrash _trash = new();
    private readonly Lock _gate = new();
    private volatile bool _slow;
    private Task<RunSession>? _session;
    private bool _disposed;

    public ILogger Logger => logger;

    /// <summary>The trackers that experiments begin with.</summary>
    public IEnumerable<TrackerReference> DefaultTrackers =>
        options.Value.Trackers is { Count: > 0 } configured ? configured.Select(name => new TrackerReference(name)) : [new TrackerReference("console")];

    public Task<ISweepStore> StoreAsync() => stores.GetAsync();

    public Task ReconcileAsync(CancellationToken cancellationToken) => lost.ReconcileAsync(cancellationToken);

    /// <exception cref="RunExistsException">The id is taken.</exception>
    /// <exception cref="RunNotResumableException">The run is being executed, or is another experiment's.</exception>
    /// <exception cref="StoreException">The store cannot be opened or written.</exception>
    public async Task<RunAttempt> StartAsync(HeldRunRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        var store = await stores.GetWritableAsync().ConfigureAwait(false);
        var session = await SessionAsync().ConfigureAwait(false);
        if (request.Run.Resume || request.Run.Id is not null)
            await lost.ReconcileAsync(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        var at = time.GetUtcNow();
        var (experiment, begun, lease) = await BeginAsync(store, session, request, at).ConfigureAwait(false);
        // From here on the run is recorded as running: only its end takes that back, so this is not canceled any more.
        var checkpoints = new CheckpointBook(
            begun.Resumed ? await store.CheckpointsAsync(experiment, begun.Run.Number, CancellationToken.None).ConfigureAwait(false) : []);
        var info = new RunInfo
        {
            Id = begun.Id,
            Name = begun.Name,
            SweepId = experiment,
            SweepName = request.Experiment,
            Project = begun.Project ?? ProjectOf(request.Options),
            Number = begun.Run.Number,
            Proposal = begun.Run.Number,
            Replicate = 0,
            Seed = begun.Seed,
            Attempt = begun.Attempt,
            Parameters = begun.Parameters,
            Metric = request.Options.Metric,
            Worker = Worker,
            Device = request.Run.Device,
            StartedAt = at,
            Checkpoints = checkpoints.Notes,
            Folder = new RunFolder(Path.Combine(home.Path, RunRecord.DirectoryOf(experiment, begun.Id)), begun.Parameters),
        };
        if (request.Run.Resume && !begun.Resumed)
            NothingToResume(logger, request.Run.Id ?? $"the experiment {request.Experiment}", begun.Id);
        var attempt = life.Begin(info, begun.Run, lease, store, request.Trackers, request.Experiment, begun.Summaries, request.OwnTrackers);
        (attempt.Checkpoints, attempt.Trash) = (checkpoints, _trash);
        attempt.RunSpan = RunSpans.StartRun(info, null);
        attempt.Span = RunSpans.StartAttempt(info, attempt.RunSpan);
        return attempt;
    }

    /// <summary>Records the end of an attempt, unless it has ended already.</summary>
    /// <returns>Whether this call ended it.</returns>
    /// <exception cref="StoreException">The store cannot write any more.</exception>
    public async Task<bool> EndAsync(RunAttempt attempt, Verdict verdict)
    {
        if (life.TryEnd(attempt, verdict) is not { } end)
            return false;
        RunSpans.End(attempt.RunSpan, end.State, end.Failure, end.EndedAt);
        RunMeters.RunEnded(end.State);
        await ProcessEnvironment.Complete.ConfigureAwait(false);
        var command = new HeldRunEnded
        {
            Run = attempt.Key,
            Attempt = attempt.Info.Attempt,
            Lease = attempt.Lease,
            Next = end.State,
            Outcome = end.State,
            Objective = end.Objective,
            Failure = end.Failure,
            Reports = attempt.Reports,
            SupersededCheckpoints = end.State == RunState.Completed ? attempt.Checkpoints.SupersededByCompletion() : [],
            Environment = ProcessEnvironment.Current,
            At = end.EndedAt,
        };
        var store = await stores.GetAsync().ConfigureAwait(false);
        await store.AppendAsync(command).ConfigureAwait(false);
        if (await command.Applied.ConfigureAwait(false))
            _trash.Add(attempt.Info.Folder.FullPath, command.SupersededCheckpoints);
        else
            Refused(logger, attempt.Info.Id);
        if (attempt.LateReports > 0)
            Late(logger, attempt.Info.Id, attempt.LateReports);
        await TrackersAsync(attempt).ConfigureAwait(false);
        attempt.Dispose();
        return true;
    }

    /// <summary>
    /// What quick trackers write is there when the run has been stopped. A slow one is waited for a moment, once: it finishes on its own time,
    /// and never costs a second run anything.
    /// </summary>
    private async Task TrackersAsync(RunAttempt attempt)
    {
        if (_slow)
            return;
        try
        {
            await attempt.TrackersFinished.WaitAsync(Moment, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _slow = true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<RunSession>? session;
        lock (_gate)
            (session, _disposed) = (_session, true);
        if (session is null)
            return;
        try
        {
            using var held = await session.ConfigureAwait(false); // let go of last: what was said of a run is stored before it can be taken for lost
            await tracking.DrainAsync().ConfigureAwait(false);
            await _trash.DrainAsync().ConfigureAwait(false);
            await (await stores.GetAsync().ConfigureAwait(false)).FlushAsync().ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is StoreException or IOException or UnauthorizedAccessException)
        {
            // Whoever began a run, or ended one, has been told.
        }
    }

    private async Task<(string Experiment, HeldRunBeginning Begun, long Lease)> BeginAsync(
        ISweepStore store, RunSession session, HeldRunRequest request, DateTimeOffset at)
    {
        var lease = life.NewLease();
        for (var again = true; ; again = false)
        {
            var (key, id) = await OpenAsync(store, request, at).ConfigureAwait(false);
            var command = new HeldRunStarted
            {
                Experiment = key,
                ExperimentId = id,
                Resume = request.Run.Resume,
                Id = request.Run.Id,
                Name = request.Run.Name,
                Project = request.Run.Project,
                Seed = request.Run.Seed,
                Parameters = request.Configuration.Parameters.With(request.Run.Parameters),
                Lease = lease,
                Worker = Worker,
                Device = request.Run.Device,
                Session = session.Id,
                Environment = ProcessEnvironment.Current,
                At = at,
            };
            await store.AppendAsync(command).ConfigureAwait(false);
            var begun = await command.Begun.ConfigureAwait(false);
            switch (begun.Refusal)
            {
                case HeldRunRefusal.None:
                    return (id, begun, lease);
                case HeldRunRefusal.NoExperiment when again:
                    _experiments.TryRemove((request.Configuration.Identity, ProjectOf(request.Options)), out _); // somebody removed it: it is made anew
                    continue;
                case HeldRunRefusal.IdTaken:
                    throw new RunExistsException(request.Run.Id!);
                case HeldRunRefusal.Running:
                    throw new RunNotResumableException(begun.Id, $"Run '{begun.Id}' is being executed. Stop it there, or wait for its end.");
                default:
                    throw new RunNotResumableException(
                        request.Run.Id ?? "",
                        $"Run '{request.Run.Id}' belongs to another experiment, or to another configuration of this one. Begin a new run, or resume it with the configuration it had.");
            }
        }
    }

    private async Task<(long Key, string Id)> OpenAsync(ISweepStore store, HeldRunRequest request, DateTimeOffset at)
    {
        var key = (request.Configuration.Identity, ProjectOf(request.Options));
        try
        {
            return await _experiments.GetOrAdd(key, static (_, state) => OpenNowAsync(state.store, state.record), (store, record: Record(request, at))).ConfigureAwait(false);
        }
        catch
        {
            _experiments.TryRemove(key, out _);
            throw;
        }
    }

    private static async Task<(long Key, string Id)> OpenNowAsync(ISweepStore store, SweepRecord record)
    {
        var command = new ExperimentOpened(record);
        await store.AppendAsync(command).ConfigureAwait(false);
        return await command.Opened.ConfigureAwait(false);
    }

    private SweepRecord Record(HeldRunRequest request, DateTimeOffset at) => new()
    {
        Id = SweepIds.New(at),
        Kind = ExperimentKind.Experiment,
        Name = request.Experiment,
        Project = ProjectOf(request.Options),
        Description = request.Options.Description,
        State = SweepState.Completed,
        Method = "manual",
        Metric = request.Options.Metric ?? new Metric("", MetricGoal.Minimize),
        Identity = request.Configuration.Identity,
        Definition = request.Configuration.Definition,
        Tags = [.. request.Options.Tags.Select(RunTags.Normalize)],
        Attributes = request.Options.Attributes.AsReadOnly(),
        CreatedAt = at,
    };

    public string ProjectOf(ExperimentOptions experiment) => experiment.Project ?? options.Value.Project;

    private Task<RunSession> SessionAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(Experiment));
            if (_session is null or { IsFaulted: true })
                _session = OpenSessionAsync();
            return _session;
        }
    }

    private async Task<RunSession> OpenSessionAsync()
    {
        await lost.ReconcileAsync().ConfigureAwait(false);
        RunSession.ForgetOld(home.Path, time.GetUtcNow());
        return RunSession.Take(home.Path);
    }

    /// <summary>What the store or a tracker would refuse later is refused before the run is recorded.</summary>
    /// <exception cref="ArgumentException">An id, a tag, a name, a value or a tracker cannot be.</exception>
    private void Check(HeldRunRequest request)
    {
        if (request.Run.Id is { } id)
            RunIds.Check(id);
        foreach (var tag in request.Tags)
            RunTags.Normalize(RunAttempt.Checked(tag));
        foreach (var (name, value) in request.Attributes.Concat(request.Run.Parameters))
            RunAttempt.Checked(value, RunAttempt.Checked(name));
        foreach (var tracker in request.Trackers)
        {
            if (request.OwnTrackers.ContainsKey(tracker.Type))
                continue;
            if (factories.LastOrDefault(f => f.Info.Name == tracker.Type) is { } found)
            {
                if (TrackerRules.CheckOptions(found.Info, tracker, "").FirstOrDefault() is { } wrong)
                    throw new ArgumentException(wrong.Message);
                continue;
            }

            var known = factories.Select(f => f.Info.Name).Distinct().ToList();
            throw new ArgumentException(
                $"There is no tracker '{tracker.Type}'{Suggestion.Hint(tracker.Type, known)} There are: {string.Join(", ", known)}. "
                + $"One of your own is added by {nameof(Experiment)}.{nameof(Experiment.Trackers)}.{nameof(TrackerSet.Add)}(name, create).");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "There is nothing to resume of {What}: run {Run} is a new one.")]
    private static partial void NothingToResume(ILogger logger, string what, string run);

    [LoggerMessage(2, LogLevel.Warning, "The end of run {Run} was refused: it was recorded as lost, or resumed elsewhere, or removed. That record stands.")]
    private static partial void Refused(ILogger logger, string run);

    [LoggerMessage(3, LogLevel.Warning, "Run {Run} was told {Count} value(s) after its end. They are not kept.")]
    private static partial void Late(ILogger logger, string run, long count);
}

/// <summary>The end of a run held by hand.</summary>
internal sealed class HeldRunEnded : AttemptEnded
{
    private readonly TaskCompletionSource<bool> _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it was applied, once it is committed.</summary>
    public Task<bool> Applied => _applied.Task;

    public override void Committed(bool applied) => _applied.TrySetResult(applied);

    public override void Failed(Exception cause) => _applied.TrySetException(cause);
}
