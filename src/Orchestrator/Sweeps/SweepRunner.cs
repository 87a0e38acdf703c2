using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Configuration;
using Orchestrator.Execution;
using Orchestrator.Execution.Devices;
using Orchestrator.Experiments;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Sweeps.Steering;
using Orchestrator.Telemetry;
using Orchestrator.Tracking;

namespace Orchestrator.Sweeps;

/// <summary>What is to be run: a new sweep, or a stored one to go on with.</summary>
internal sealed record SweepRequest
{
    /// <summary>The definition of a new sweep.</summary>
    public SweepDefinition? Definition { get; init; }

    /// <summary>The id of a stored sweep.</summary>
    public string? Resume { get; init; }

    /// <summary>Code that stands in for the definition's trainable.</summary>
    public TrainableRunner? Delegate { get; init; }

    /// <summary>The sweep file it came from.</summary>
    public string? File { get; init; }
    public int? Workers { get; init; }
    public int Priority { get; init; }

    /// <summary>Finds the place of a problem in that file.</summary>
    public Func<DefinitionProblem, LocatedProblem>? Locate { get; init; }

    /// <summary>A hosted scheduler takes the sweep up again when it starts.</summary>
    public bool IsHosted { get; init; }
    public ISweepObserver? Observer { get; init; }
    public SweepControl Control { get; init; } = new();

    /// <summary>What was being traced where it was submitted.</summary>
    public ActivityContext Trace { get; init; }
}

/// <summary>A checked definition, the code that its runs execute, where they do, what each is given, and where it comes from; with the id once it is recorded.</summary>
internal sealed record PreparedSweep(SweepPlan Plan, TrainableRunner Trainable, IRunPlace Place, RunAllotment Allotment, SweepOrigin Origin)
{
    public string Id { get; init; } = "";
}

/// <summary>Executes sweeps in this process, one call a sweep: records it, locks it, runs it, tells how it ended.</summary>
internal sealed class SweepRunner(
    StoreProvider stores,
    OrchestratorHome home,
    IOptions<OrchestratorOptions> options,
    ISweepCatalog catalog,
    TrainableRegistry trainables,
    IRunTrackingFactory tracking,
    RunPools pools,
    WorkerPool pool,
    RunPlaces places,
    IServiceProvider services,
    TimeProvider time,
    ILoggerFactory loggers)
{
    /// <summary>A run on a thread may change the current folder while another sweep is recorded.</summary>
    private readonly string _folder = Environment.CurrentDirectory;

    /// <summary>Records a new sweep, durably, without executing it.</summary>
    /// <exception cref="InvalidDefinitionException">The definition has mistakes; nothing was recorded.</exception>
    public async Task<PreparedSweep> RecordAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        var prepared = await PrepareAsync(request.Definition!, request, SweepOrigin.Here(request.File) with { Folder = _folder }).ConfigureAwait(false);
        var store = await stores.GetWritableAsync().ConfigureAwait(false);
        var sweep = NewRecord(request, prepared);
        await store.CreateSweepAsync(sweep, cancellationToken).ConfigureAwait(false);
        return prepared with { Id = sweep.Id };
    }

    /// <summary>Executes a stored sweep to its end: one that has no runs yet, or one to go on with.</summary>
    /// <exception cref="InvalidDefinitionException">This program does not know what the definition names.</exception>
    /// <exception cref="SweepBusyException">Another process executes the sweep.</exception>
    /// <exception cref="SweepNotFoundException">There is no such sweep.</exception>
    /// <exception cref="StoreException">The store cannot be opened or written.</exception>
    public async Task<SweepResult> GoOnAsync(string id, SweepRequest request, PreparedSweep? prepared, CancellationToken cancellationToken)
    {
        var store = await stores.GetWritableAsync().ConfigureAwait(false);
        using var held = SweepLock.TryTake(home.FolderOf(id)) ?? throw new SweepBusyException(id);
        var (key, sweep) = await store.FindSweepAsync(id, withBest: false, cancellationToken).ConfigureAwait(false)
            ?? throw new SweepNotFoundException($"There is no sweep '{id}' in '{home.Path}'.");
        if (sweep.Kind == ExperimentKind.Experiment)
            throw new SweepNotFoundException($"'{id}' is an experiment, not a sweep: its runs are held by hand.");
        if (sweep.State == SweepState.Completed)
            return await ResultAsync(store, id, new SweepEnd(SweepEndKind.Exhausted, sweep.State, sweep.EndReason ?? "all runs have ended")).ConfigureAwait(false);
        prepared ??= await PrepareAsync(StoredDefinition.Read(sweep, catalog, request.Delegate), request, SweepOrigin.Of(sweep)).ConfigureAwait(false);
        return await ExecuteAsync(store, key, sweep, prepared, request, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PreparedSweep> PrepareAsync(SweepDefinition definition, SweepRequest request, SweepOrigin origin)
    {
        var plan = SweepPlan.Create(definition, catalog, request.Delegate is not null, origin);
        var (allotment, problem) = await pools.FindAsync(definition.Resources, AskedWorkers(request) is not null).ConfigureAwait(false);
        if (problem is not null)
            throw request.Locate is { } locate ? new InvalidSweepFileException([locate(problem)]) : new InvalidDefinitionException([problem]);
        return new PreparedSweep(
            plan,
            request.Delegate ?? (definition.Command is [var program, ..] ? TrainableRunner.OfCommand(program) : trainables.Find(definition.Trainable!, origin.File)),
            places.Of(definition, origin),
            allotment!,
            origin);
    }

    private async Task<SweepResult> ExecuteAsync(
        ISweepStore store, long key, SweepRecord sweep, PreparedSweep prepared, SweepRequest request, CancellationToken cancellationToken)
    {
        var span = RunSpans.StartSweep(sweep, request.Trace);
        try
        {
            return await ExecuteAsync(store, key, sweep, prepared, request, span, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            RunSpans.Fault(span, cause);
            throw;
        }
    }

    private async Task<SweepResult> ExecuteAsync(
        ISweepStore store,
        long key,
        SweepRecord sweep,
        PreparedSweep prepared,
        SweepRequest request,
        Activity? span,
        CancellationToken cancellationToken)
    {
        var plan = prepared.Plan;
        var events = Channel.CreateUnbounded<SweepEvent>(new UnboundedChannelOptions
        {
            SingleReader = true,
            AllowSynchronousContinuations = true, // the reader blocks: to wake it is all there is to do, and must not need the pool
        });
        var definition = plan.Definition;
        var execution = new SweepExecution
        {
            Key = key,
            Id = sweep.Id,
            Name = sweep.Name,
            Project = sweep.Project,
            Home = home.Path,
            Definition = definition,
            Metric = sweep.Metric,
            Trainable = prepared.Trainable,
            Place = prepared.Place,
            Trackers = [.. definition.Trackers ?? [.. options.Value.Trackers.Select(name => new TrackerReference(name))]],
            Services = services,
            Store = store,
            Events = events.Writer,
            Span = span,
            Lane = new RunLane(prepared.Allotment),
        };
        var logger = loggers.CreateLogger("Orchestrator.Sweeps");
        var observer = new ObserverGuard(request.Observer, logger);
        var workers = WorkersFor(definition, prepared.Allotment, AskedWorkers(request));
        var start = await new SweepRestart(store, execution, time).PrepareAsync(sweep, plan.Sampler, cancellationToken).ConfigureAwait(false);
        await store.AppendAsync(new SweepChanged { Sweep = key, State = SweepState.Running, PlannedRuns = plan.Runs, DecidedFrom = start.Order?.DecidedFrom, At = time.GetUtcNow() })
            .ConfigureAwait(false);
        await store.FlushAsync().ConfigureAwait(false);
        observer.SweepStarted((await store.FindSweepAsync(sweep.Id, withBest: true, cancellationToken).ConfigureAwait(false))!.Value.Sweep, workers);

        // The order of the end: the loop (all its runs have ended), then who steers it from outside, then its trackers, then the lock.
        // The workers stay for others.
        SweepEnd end;
        var parts = new CoordinatorParts(plan.Sampler, store, pool.Queue, request.Control, observer, time, logger, workers,
            more => pool.Grow(execution.Lane, more, isAsked: true), start);
        var listener = new SteeringListener(store, home.Path, sweep.Id, key, request.Control, time, logger);
        await using (listener.ConfigureAwait(false))
        using (var coordinator = new SweepCoordinator(execution, parts, events.Reader))
        {
            execution.Lane.Limit = workers;
            execution.Lane.Priority = sweep.Priority;
            // A host has its own number of workers, for all its sweeps together.
            pool.Grow(execution.Lane, request.IsHosted ? options.Value.Workers ?? workers : workers, isAsked: AskedWorkers(request) is not null);
            end = await coordinator.RunAsync().ConfigureAwait(false);
        }

        await tracking.DrainAsync().ConfigureAwait(false);
        await execution.Trash.DrainAsync().ConfigureAwait(false);
        if (execution.Trackers.Count > 0)
            await store.FlushAsync().ConfigureAwait(false); // what trackers lost is kept before anybody is told of the end
        RunSpans.EndSweep(span, end.State, end.Reason);
        observer.SweepEnded(end.State, end.Reason);
        return await ResultAsync(store, sweep.Id, end).ConfigureAwait(false);
    }

    private async Task<SweepResult> ResultAsync(ISweepStore store, string id, SweepEnd end)
    {
        var (_, sweep) = (await store.FindSweepAsync(id, withBest: true).ConfigureAwait(false))!.Value;
        return new SweepResult(sweep with { State = end.State, EndReason = end.Reason }, end, token => ReadRunsAsync(id, token));
    }

    private async IAsyncEnumerable<RunRecord> ReadRunsAsync(
        string id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A result may outlive the host that made it: the home is opened once more for as long as the runs are read.
        var lease = stores.IsDisposed ? SharedHomes.Lease(home.Path) : null;
        try
        {
            var opened = lease?.Services.GetRequiredService<StoreProvider>() ?? stores;
            var store = await opened.GetAsync().ConfigureAwait(false);
            await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = id }, cancellationToken).ConfigureAwait(false))
                yield return run;
        }
        finally
        {
            if (lease is not null)
                await lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>How many runs at once a person asked for.</summary>
    private int? AskedWorkers(SweepRequest request) => request.Workers ?? options.Value.Workers;

    private static int WorkersFor(SweepDefinition definition, RunAllotment allotment, int? asked)
    {
        var room = allotment.MostAtOnce(isAsked: asked is not null);
        return Math.Max(1, Math.Min(Math.Min(asked ?? room, room), definition.Limits.MaxConcurrent ?? int.MaxValue));
    }

    private SweepRecord NewRecord(SweepRequest request, PreparedSweep prepared)
    {
        var (definition, origin) = (prepared.Plan.Definition, prepared.Origin);
        var at = time.GetUtcNow();
        return new SweepRecord
        {
            Id = SweepIds.New(at),
            Name = definition.Name ?? Path.GetFileNameWithoutExtension(origin.File) ?? prepared.Trainable.Name,
            Project = definition.Project ?? options.Value.Project,
            Description = definition.Description,
            State = SweepState.Queued,
            Method = definition.Method.Type,
            Metric = definition.Metric!,
            Identity = SweepIdentity.Of(definition, prepared.Trainable.Name),
            Definition = SweepFileWriter.ToJson(definition),
            File = origin.File,
            Folder = origin.Folder,
            FileHash = SweepOrigin.HashOf(origin.File),
            Tags = [.. definition.Tags],
            Attributes = definition.Attributes.AsReadOnly(),
            CreatedAt = at,
            PlannedRuns = prepared.Plan.Runs,
            Priority = request.Priority,
            IsHosted = request.IsHosted,
        };
    }
}
