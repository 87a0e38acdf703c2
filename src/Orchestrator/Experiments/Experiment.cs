using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using Orchestrator.Experiments;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Exporting;
using Orchestrator.Hosting;
using Orchestrator.Querying;
using Orchestrator.Storage;

namespace Orchestrator;

/// <summary>
/// An experiment whose runs a person holds: everything of an <see cref="Experiment{TConfiguration}"/> that does not depend on the type of its
/// configuration. Safe for concurrent use.
/// </summary>
public abstract partial class Experiment : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ExperimentRun, bool> _active = [];
    private readonly ExperimentOptions _options;
    private readonly Lazy<(HeldRuns Runs, HomeLease? Lease)> _home;
    private readonly Lazy<TrackerSet> _trackers;
    private readonly string _homeFolder;
    private ExperimentKey _key;
    private int _disposed;

    private protected Experiment(Type configuration, ExperimentOptions? options, IServiceProvider? services)
    {
        AdapterAssemblies.LoadPresent();
        _options = options ?? new ExperimentOptions();
        var type = GetType();
        Name = _options.Name ?? (type.IsGenericType ? configuration : type).Name;
        ArgumentException.ThrowIfNullOrWhiteSpace(Name, nameof(options));
        if (services is not null && _options.Home is not null)
            throw new ArgumentException("With a host's services the home is the host's: leave ExperimentOptions.Home out.", nameof(options));
        _home = new(() =>
        {
            var lease = services is null ? SharedHomes.Lease(_options.Home) : null;
            return ((lease?.Services ?? services!).GetRequiredService<HeldRuns>(), lease);
        });
        _trackers = new(() =>
        {
            var set = new TrackerSet();
            foreach (var tracker in Runs.DefaultTrackers)
                set.Add(tracker);
            return set;
        });
        _homeFolder = _options.Home is { } folder ? Path.GetFullPath(folder) : services?.GetRequiredService<OrchestratorHome>().Path ?? "";
    }

    /// <summary>Its name. With its identity and home, it is unique among the living experiments of the process.</summary>
    public string Name { get; }

    /// <summary>16 hexadecimal digits that depend on the name and on every value of the configuration, as it is now.</summary>
    public string Identity => Snapshot().Identity;

    /// <summary>
    /// The trackers that its runs report to, from the next one on. At first those that are configured, else <c>console</c>.
    /// </summary>
    public TrackerSet Trackers => _trackers.Value;

    /// <summary>
    /// Begins a run, executes the block in its flow, and records how it ended: completed when the block returns; else failed, canceled or
    /// pruned, and the exception goes on to the caller (except <see cref="RunPrunedException"/>, which is a way to end).
    /// </summary>
    /// <param name="body">The code of the run.</param>
    /// <param name="options">How the run is begun.</param>
    /// <param name="cancellationToken">Asks the run to end, by <see cref="RunContext.CancellationToken"/>.</param>
    /// <returns>The run as it is recorded.</returns>
    /// <exception cref="NestedRunException">There is a run in this flow.</exception>
    /// <exception cref="RunExistsException">The id is taken.</exception>
    /// <exception cref="RunNotResumableException">The run is being executed, or is another experiment's.</exception>
    /// <exception cref="StoreException">The store cannot be opened or written.</exception>
    public async Task<RunRecord> RunAsync(Func<RunContext, Task> body, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        var run = await StartRunAsync(options, watched: false, cancellationToken).ConfigureAwait(false);
        ExceptionDispatchInfo? thrown = null;
        try
        {
            await body(run).ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            thrown = ExceptionDispatchInfo.Capture(cause);
        }

        try
        {
            await run.EndAsync(thrown?.SourceException).ConfigureAwait(false);
        }
        catch (Exception second) when (thrown is not null)
        {
            NotRecorded(Runs.Logger, run.Id, second); // what went wrong first goes on to the caller
        }

        if (thrown is { SourceException: not RunPrunedException })
            thrown.Throw();
        return await run.RecordAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Begins a run and hands it over: it is the current one of the caller's flow until it is stopped or disposed. Dispose it by
    /// <c>await using</c>, and say by <see cref="ExperimentRun.Complete"/> that it went well.
    /// </summary>
    /// <inheritdoc cref="RunAsync" path="/param"/>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public Task<ExperimentRun> StartRunAsync(RunOptions? options = null, CancellationToken cancellationToken = default) =>
        StartRunAsync(options, watched: true, cancellationToken);

    /// <summary>Stops the run that was begun by hand in this flow; if there is none, that is a warning.</summary>
    /// <returns>The run as it is recorded; <see langword="null"/> if there was none.</returns>
    public async Task<RunRecord?> StopRunAsync()
    {
        if (RunContext.Current is ExperimentRun run && ReferenceEquals(run.Experiment, this))
            return await run.StopAsync().ConfigureAwait(false);
        NothingToStop(Runs.Logger, Name);
        return null;
    }

    /// <summary>A run of the home by its id, with the state it truly has; <see langword="null"/> if there is none.</summary>
    public async Task<RunRecord?> FindRunAsync(string id, CancellationToken cancellationToken = default)
    {
        await Runs.ReconcileAsync(cancellationToken).ConfigureAwait(false);
        var store = await Runs.StoreAsync().ConfigureAwait(false);
        return await store.FindRunAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The runs of this experiment, those of its present configuration, in the order in which they were first begun; read while they are
    /// enumerated.
    /// </summary>
    /// <param name="where">A filter as in <c>runs --where</c>: <c>state == "failed" and metrics.loss > 0.5</c>. Default: all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FormatException">The filter cannot be read; the message says where and why.</exception>
    public async IAsyncEnumerable<RunRecord> RunsAsync(string? where = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var filter = where is null ? null : RunFilter.Parse(where);
        await Runs.ReconcileAsync(cancellationToken).ConfigureAwait(false);
        var store = await Runs.StoreAsync().ConfigureAwait(false);
        if (await StoredAsync(store, cancellationToken).ConfigureAwait(false) is not { } stored)
            yield break;
        await foreach (var run in RunQueries.QueryAsync(store, stored.Id, filter, cancellationToken: cancellationToken).ConfigureAwait(false))
            yield return run;
    }

    /// <summary>What is kept with a run beside its record: aggregations, artifacts, tasks, what made its result; <see langword="null"/> if there is no such run.</summary>
    public async Task<RunDetails?> FindDetailsAsync(string id, CancellationToken cancellationToken = default)
    {
        var store = await Runs.StoreAsync().ConfigureAwait(false);
        return await store.FindRunAsync(id, cancellationToken).ConfigureAwait(false) is { } run
            ? await store.DetailsAsync(run.Sweep, run.Number, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>
    /// Writes this experiment's runs, or all that they reported, to a file, as <c>export</c> does: streamed, and put in the file's place when it
    /// is whole. An export that fails leaves the previous file as it was.
    /// </summary>
    /// <param name="file">The file; its folder must exist.</param>
    /// <param name="options">What, and how. Default: all runs, in the format that the file's name says.</param>
    /// <param name="cancellationToken">Ends the export.</param>
    /// <returns>How many lines there were besides the header.</returns>
    /// <exception cref="FormatException">The filter cannot be read; the message says where and why.</exception>
    /// <exception cref="InvalidOperationException">No run of this experiment was ever begun.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task<long> ExportAsync(string file, ExportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        await Runs.ReconcileAsync(cancellationToken).ConfigureAwait(false);
        var store = await Runs.StoreAsync().ConfigureAwait(false);
        var stored = await StoredAsync(store, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"There is nothing to export: no run of experiment {Name} with this configuration was ever begun.");
        return await RunExport.ToFileAsync(store, stored, file, options ?? new ExportOptions(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends the runs that were not stopped, as failed; lets the name go; closes the home if nobody else has it open.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        GC.SuppressFinalize(this);
        try
        {
            foreach (var run in _active.Keys)
                await run.ForgottenAsync().ConfigureAwait(false);
        }
        finally
        {
            LivingExperiments.Remove(_key, this);
            if (_home.IsValueCreated && _home.Value.Lease is { } lease)
                await lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal void Ended(ExperimentRun run) => _active.TryRemove(run, out _);

    /// <exception cref="ExperimentNameTakenException">A living experiment has the name, identity and home.</exception>
    private protected void Register(string identity) => LivingExperiments.Add(_key = new ExperimentKey(_homeFolder, Name, identity), this);

    private protected abstract object? ConfigurationObject { get; }

    private protected abstract ExperimentConfiguration Snapshot();

    private HeldRuns Runs => _home.Value.Runs;

    private async Task<SweepRecord?> StoredAsync(ISweepStore store, CancellationToken cancellationToken) => await store.ListSweepsAsync(
        new SweepQuery { Kind = ExperimentKind.Experiment, Identity = Identity, Project = Runs.ProjectOf(_options), Limit = 1 }, cancellationToken)
        .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Not async: what an async method sets does not reach its caller, and the caller's flow is to be in the run.</summary>
    private Task<ExperimentRun> StartRunAsync(RunOptions? options, bool watched, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (AmbientRun.IsTaken)
        {
            var outer = RunContext.Current?.Id;
            NestedRun(Runs.Logger, Name, outer ?? "that is only beginning");
            return Task.FromException<ExperimentRun>(new NestedRunException(outer));
        }

        return BeginAsync(options ?? new RunOptions(), AmbientRun.Reserve(), watched, cancellationToken);
    }

    private async Task<ExperimentRun> BeginAsync(RunOptions options, AmbientRun.Holder holder, bool watched, CancellationToken cancellationToken)
    {
        try
        {
            var (trackers, own) = Trackers.Snapshot();
            var request = new HeldRunRequest
            {
                Experiment = Name,
                Configuration = Snapshot(),
                Options = _options,
                Run = options,
                Trackers = trackers,
                OwnTrackers = own,
            };
            var attempt = await Runs.StartAsync(request, cancellationToken).ConfigureAwait(false);
            var run = new ExperimentRun(this, Runs, attempt, holder, ConfigurationObject, watched, cancellationToken);
            _active[run] = true;
            try
            {
                foreach (var tag in request.Tags)
                    run.AddTag(tag);
                foreach (var (name, value) in request.Attributes)
                    run.SetAttribute(name, value);
            }
            catch (Exception cause)
            {
                await run.EndAsync(cause).ConfigureAwait(false);
                throw;
            }

            return run;
        }
        catch
        {
            holder.Free();
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A run of experiment {Experiment} was not begun: run {Outer} is active in this flow, and goes on.")]
    private static partial void NestedRun(ILogger logger, string experiment, string outer);

    [LoggerMessage(2, LogLevel.Warning, "There is no run of experiment {Experiment} to stop in this flow.")]
    private static partial void NothingToStop(ILogger logger, string experiment);

    [LoggerMessage(3, LogLevel.Error, "The end of run {Run} could not be recorded.")]
    private static partial void NotRecorded(ILogger logger, string run, Exception cause);
}
