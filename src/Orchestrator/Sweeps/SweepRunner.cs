using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Configuration;
using Orchestrator.Execution;
using Orchestrator.Hosting;
using Orchestrator.Storage;
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
    public ISweepObserver? Observer { get; init; }
    public SweepControl Control { get; init; } = new();
}

/// <summary>Executes sweeps in this process, one call a sweep: records it, locks it, runs it, tells how it ended.</summary>
internal sealed class SweepRunner(
    StoreProvider stores,
    OrchestratorHome home,
    IOptions<OrchestratorOptions> options,
    ISweepCatalog catalog,
    TrainableRegistry trainables,
    IRunTrackingFactory tracking,
    WorkerPool pool,
    IServiceProvider services,
    TimeProvider time,
    ILoggerFactory loggers)
{
    /// <summary>How long trackers may take to finish after the last run.</summary>
    private static readonly TimeSpan TrackerDrain = TimeSpan.FromSeconds(5);

    /// <exception cref="InvalidDefinitionException">The definition has mistakes; nothing was recorded.</exception>
    /// <exception cref="SweepBusyException">Another process executes the sweep.</exception>
    /// <exception cref="SweepNotFoundException">The sweep to resume does not exist.</exception>
    /// <exception cref="StoreException">The store cannot be opened or written.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; the sweep is stored and can be resumed.</exception>
    public async Task<SweepResult> RunAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        using var canceled = cancellationToken.Register(() => request.Control.Cancel("canceled by its caller"));
        var result = request.Resume is { } id
            ? await ResumeAsync(id, request, cancellationToken).ConfigureAwait(false)
            : await StartAsync(request, cancellationToken).ConfigureAwait(false);
        if (result.EndKind == SweepEndKind.Requested)
            cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    private async Task<SweepResult> StartAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        var definition = request.Definition!;
        var plan = SweepPlan.Create(definition, catalog, request.Delegate is not null);
        var trainable = request.Delegate ?? trainables.Find(definition.Trainable!, request.File);
        var store = await stores.GetAsync().ConfigureAwait(false);
        var sweep = NewRecord(definition, trainable, request.File, plan);
        var key = await store.CreateSweepAsync(sweep, cancellationToken).ConfigureAwait(false);
        using var held = SweepLock.TryTake(home.FolderOf(sweep.Id)) ?? throw new SweepBusyException(sweep.Id);
        return await ExecuteAsync(store, key, sweep, plan, trainable, request, _ => Task.FromResult(new SweepStart())).ConfigureAwait(false);
    }

    private async Task<SweepResult> ResumeAsync(string id, SweepRequest request, CancellationToken cancellationToken)
    {
        var store = await stores.GetAsync().ConfigureAwait(false);
        using var held = SweepLock.TryTake(home.FolderOf(id)) ?? throw new SweepBusyException(id);
        var (key, sweep) = await store.FindSweepAsync(id, withBest: false, cancellationToken).ConfigureAwait(false)
            ?? throw new SweepNotFoundException($"There is no sweep '{id}' in '{home.Path}'.");
        if (sweep.State == SweepState.Completed)
            return await ResultAsync(store, id, new SweepEnd(SweepEndKind.Exhausted, sweep.State, sweep.EndReason ?? "all runs have ended")).ConfigureAwait(false);

        var definition = StoredDefinition.Read(sweep, catalog, request.Delegate);
        var plan = SweepPlan.Create(definition, catalog, request.Delegate is not null);
        var trainable = request.Delegate ?? trainables.Find(definition.Trainable!, sweep.File);
        return await ExecuteAsync(
            store, key, sweep, plan, trainable, request,
            execution => new SweepRestart(store, execution, time).PrepareAsync(sweep, plan.Sampler, cancellationToken)).ConfigureAwait(false);
    }

    private async Task<SweepResult> ExecuteAsync(
        ISweepStore store,
        long key,
        SweepRecord sweep,
        SweepPlan plan,
        TrainableRunner trainable,
        SweepRequest request,
        Func<SweepExecution, Task<SweepStart>> prepare)
    {
        var events = Channel.CreateUnbounded<SweepEvent>(new UnboundedChannelOptions { SingleReader = true });
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
            Trainable = trainable,
            Trackers = [.. definition.Trackers ?? [.. options.Value.Trackers.Select(name => new TrackerReference(name))]],
            Services = services,
            Store = store,
            Events = events.Writer,
        };
        var logger = loggers.CreateLogger("Orchestrator.Sweeps");
        var observer = new ObserverGuard(request.Observer, logger);
        var workers = WorkersFor(definition, request.Workers);
        var start = await prepare(execution).ConfigureAwait(false);
        await store.AppendAsync(new SweepChanged { Sweep = key, State = SweepState.Running, PlannedRuns = plan.Runs, At = time.GetUtcNow() })
            .ConfigureAwait(false);
        await store.FlushAsync().ConfigureAwait(false);
        observer.SweepStarted((await store.FindSweepAsync(sweep.Id, withBest: true).ConfigureAwait(false))!.Value.Sweep, workers);

        // The order of the end: the loop (all its runs have ended), then its trackers, then the lock. The workers stay for others.
        SweepEnd end;
        var parts = new CoordinatorParts(plan.Sampler, store, pool.Queue, request.Control, observer, time, logger, workers, start);
        using (var coordinator = new SweepCoordinator(execution, parts, events.Reader))
        {
            execution.Lane.Limit = workers;
            pool.EnsureSize(options.Value.Workers ?? workers);
            end = await coordinator.RunAsync().ConfigureAwait(false);
        }

        await tracking.DrainAsync(TrackerDrain).ConfigureAwait(false);
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
        var store = await stores.GetAsync().ConfigureAwait(false);
        await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = id }, cancellationToken).ConfigureAwait(false))
            yield return run;
    }

    private int WorkersFor(SweepDefinition definition, int? asked)
    {
        var workers = asked ?? options.Value.Workers ?? Math.Max(1, Environment.ProcessorCount / Math.Max(1, definition.Resources.Cpus));
        return Math.Max(1, Math.Min(workers, definition.Limits.MaxConcurrent ?? workers));
    }

    private SweepRecord NewRecord(SweepDefinition definition, TrainableRunner trainable, string? file, SweepPlan plan)
    {
        var at = time.GetUtcNow();
        return new SweepRecord
        {
            Id = SweepIds.New(at),
            Name = definition.Name ?? Path.GetFileNameWithoutExtension(file) ?? trainable.Name,
            Project = definition.Project ?? options.Value.Project,
            Description = definition.Description,
            State = SweepState.Queued,
            Method = definition.Method.Type,
            Metric = definition.Metric!,
            Identity = SweepIdentity.Of(definition, trainable.Name),
            Definition = SweepFileWriter.ToJson(definition),
            File = file is null ? null : Path.GetFullPath(file),
            Tags = [.. definition.Tags],
            Attributes = definition.Attributes.AsReadOnly(),
            CreatedAt = at,
            PlannedRuns = plan.Runs,
        };
    }
}
