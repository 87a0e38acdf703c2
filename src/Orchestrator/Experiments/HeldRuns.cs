using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Execution;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Telemetry;
using Orchestrator.Tracking;

namespace Orchestrator.Experiments;

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

    private readonly HeldExperiments _experiments = new(options.Value.Project);
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
        request.Check(factories);
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
            Project = begun.Project ?? _experiments.ProjectOf(request.Options),
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
            Caps = new StorageCaps(request.Options.MaxArtifactBytes, request.Options.MaxLogBytes)
            {
                ArtifactsKey = $"{nameof(ExperimentOptions)}.{nameof(ExperimentOptions.MaxArtifactBytes)} of its experiment",
            },
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
        await attempt.Store.AppendAsync(command).ConfigureAwait(false);
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
            var (key, id) = await _experiments.OpenAsync(store, request, at).ConfigureAwait(false);
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
                    _experiments.Forget(request);
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

    public string ProjectOf(ExperimentOptions experiment) => _experiments.ProjectOf(experiment);

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

    [LoggerMessage(1, LogLevel.Warning, "There is nothing to resume of {What}: run {Run} is a new one.")]
    private static partial void NothingToResume(ILogger logger, string what, string run);

    [LoggerMessage(2, LogLevel.Warning, "The end of run {Run} was refused: it was recorded as lost, or resumed elsewhere, or removed. That record stands.")]
    private static partial void Refused(ILogger logger, string run);

    [LoggerMessage(3, LogLevel.Warning, "Run {Run} was told {Count} value(s) after its end. They are not kept.")]
    private static partial void Late(ILogger logger, string run, long count);
}
