using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Configuration;
using Orchestrator.Experiments;
using Orchestrator.Storage;
using Orchestrator.Sweeps.Steering;

namespace Orchestrator.Sweeps;

/// <summary>
/// Executes any number of sweeps at once on the workers of this process. As a hosted service it takes up at its start what an earlier
/// life of the host left unfinished. At its end: nothing is accepted any more, every sweep is asked to cancel and ends as interrupted,
/// and only then are the workers and the store closed (by the container, in that order).
/// </summary>
internal sealed partial class SweepScheduler(
    SweepRunner runner,
    SteeringClient steering,
    SweepRecovery recovery,
    SweepNames names,
    LostRuns lost,
    StoreProvider stores,
    ISweepCatalog catalog,
    IOptions<OrchestratorOptions> options,
    TimeProvider time,
    ILogger<SweepScheduler> logger,
    ISweepDispatcher? dispatcher = null) : ISweepClient, IHostedService, IAsyncDisposable
{
    private const string ShuttingDown = "The host is shutting down: it accepts no sweep any more.";
    private static readonly TimeSpan RemoteLook = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ActiveSweep> _active = new(StringComparer.Ordinal);
    private volatile bool _stopping;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.ResumeOnStart || !stores.Exists)
            return;
        // A sweep that a person stopped stays stopped; one that another process executes is left to it.
        var left = await ListUnfinishedAsync(cancellationToken)
            .Where(now => now.IsHosted && now.State is SweepState.Queued or SweepState.Interrupted)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        // Each keeps its place: those that were begun come before those that waited, and both in the order of their submission.
        foreach (var now in left.OrderBy(s => s.State == SweepState.Queued).ThenBy(s => s.CreatedAt).ThenBy(s => s.Id, StringComparer.Ordinal))
            await StartOrQueueAsync(now, new SweepRequest { Resume = now.Id, IsHosted = true }).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Shutdown(StopLevel.Cancel);
        foreach (var pending in _pending.Values)
            pending.GiveUp(new InvalidOperationException(ShuttingDown));
        var active = _active.Values.ToArray();
        await Task.WhenAll(active.Select(s => s.Ended)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A container that is disposed while sweeps are executed, without a host that stopped them, ends them the same way.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    /// <summary>Executes a sweep to its end.</summary>
    /// <exception cref="InvalidDefinitionException">The definition has mistakes; nothing was recorded.</exception>
    /// <exception cref="SweepBusyException">Another process, or another call, executes the sweep.</exception>
    /// <exception cref="SweepNotFoundException">The sweep to resume does not exist.</exception>
    /// <exception cref="StoreException">The store cannot be opened or written.</exception>
    /// <exception cref="SweepCanceledException">The token was canceled; the sweep is stored and can be resumed.</exception>
    public async Task<SweepResult> RunAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        var prepared = request.Resume is null ? await runner.RecordAsync(request, cancellationToken).ConfigureAwait(false) : null;
        var id = prepared?.Id ?? await IdOfAsync(request.Resume!, cancellationToken).ConfigureAwait(false);
        var active = dispatcher is null
            ? Launch(id, request, prepared, unattended: false)
            : await QueueAsync(id, request, cancellationToken).ConfigureAwait(false);
        using var canceled = cancellationToken.Register(() => active.Control.Cancel("canceled by its caller"));
        var result = await active.Result.ConfigureAwait(false);
        if (result.EndKind == SweepEndKind.Requested && cancellationToken.IsCancellationRequested)
            throw new SweepCanceledException(result.Id, cancellationToken);
        return result;
    }

    /// <summary>As <see cref="RunAsync"/>, for callers without an output of their own: a sweep of which no run succeeded is logged with a reason.</summary>
    public async Task<SweepResult> RunAndLogAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        var result = await RunAsync(request, cancellationToken).ConfigureAwait(false);
        await LogIfNoneSucceededAsync(result).ConfigureAwait(false);
        return result;
    }

    public async Task<SweepRecord> SubmitAsync(SweepDefinition definition, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return await SubmitAsync(new SweepRequest { Definition = definition }, options, cancellationToken).ConfigureAwait(false);
    }

    public async Task<SweepRecord> SubmitAsync(string file, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        var read = SweepFileReader.ReadFile(file, catalog, options?.Set);
        if (read.Definition is null)
            throw new InvalidSweepFileException(read.Problems);
        return await SubmitAsync(new SweepRequest { Definition = read.Definition, File = file, Locate = read.Locate }, options, cancellationToken).ConfigureAwait(false);
    }

    public async Task<SweepRecord> ResumeAsync(string sweep, CancellationToken cancellationToken = default)
    {
        var found = await RequireAsync(sweep, cancellationToken).ConfigureAwait(false);
        if (!_active.ContainsKey(found.Id) && found.State != SweepState.Completed)
            await StartOrQueueAsync(found, new SweepRequest { Resume = found.Id, IsHosted = true }).ConfigureAwait(false);
        return found;
    }

    public async Task<SweepRecord> WaitAsync(string sweep, CancellationToken cancellationToken = default)
    {
        sweep = await IdOfAsync(sweep, cancellationToken).ConfigureAwait(false);
        var active = _pending.TryGetValue(sweep, out var pending)
            ? await pending.Begun.WaitAsync(cancellationToken).ConfigureAwait(false)
            : _active.GetValueOrDefault(sweep);
        if (active is not null)
        {
            await active.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
            return await RequireAsync(sweep, cancellationToken).ConfigureAwait(false);
        }

        SweepRecord found;
        while ((found = await RequireAsync(sweep, cancellationToken).ConfigureAwait(false)).State is SweepState.Running or SweepState.Paused)
            await Task.Delay(RemoteLook, time, cancellationToken).ConfigureAwait(false);
        return found;
    }

    public async IAsyncEnumerable<SweepChange> WatchAsync(string sweep, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var store = await stores.GetAsync().ConfigureAwait(false);
        sweep = await IdOfAsync(sweep, cancellationToken).ConfigureAwait(false);
        var last = 0L;
        while (true)
        {
            // The state is looked at before the events: what happens in between is seen in the next round.
            var isPending = _pending.ContainsKey(sweep);
            var changed = _active.TryGetValue(sweep, out var active) ? active.Changed : null;
            var ended = active is null && !isPending
                && (await RequireAsync(sweep, cancellationToken).ConfigureAwait(false)).State is not (SweepState.Running or SweepState.Paused);
            await foreach (var happened in store.EventsAsync(sweep, last, cancellationToken).ConfigureAwait(false))
            {
                last = happened.Sequence;
                yield return new SweepChange(happened.Sequence, happened.Kind, happened.RunNumber, happened.At);
            }

            if (ended)
                yield break;
            // Not every change is told (a run is queued), and some are told before they are stored: hence the slow look beside.
            var look = Task.Delay(RemoteLook, time, cancellationToken);
            await (changed is null ? look : Task.WhenAny(changed, look)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public Task<string> PauseAsync(string sweep, CancellationToken cancellationToken = default) =>
        SteerAsync(sweep, new SteeringRequest(SteeringKind.Pause), cancellationToken);

    public Task<string> ContinueAsync(string sweep, CancellationToken cancellationToken = default) =>
        SteerAsync(sweep, new SteeringRequest(SteeringKind.Continue), cancellationToken);

    public Task<string> StopAsync(string sweep, CancellationToken cancellationToken = default) =>
        SteerAsync(sweep, new SteeringRequest(SteeringKind.Stop), cancellationToken);

    public Task<string> CancelAsync(string sweep, CancellationToken cancellationToken = default) =>
        SteerAsync(sweep, new SteeringRequest(SteeringKind.Cancel), cancellationToken);

    public Task<string> SetAsync(string sweep, SweepSettings settings, CancellationToken cancellationToken = default) =>
        SteerAsync(sweep, settings.ToRequest(), cancellationToken);

    public Task<string> RetryAsync(string sweep, RetrySelection selection, CancellationToken cancellationToken = default) =>
        SteerAsync(sweep, selection.ToRequest(), cancellationToken);

    public async Task<SweepRecord?> FindAsync(string sweep, CancellationToken cancellationToken = default)
    {
        var store = await stores.GetAsync().ConfigureAwait(false);
        return await names.FindIdAsync(sweep, ExperimentKind.Sweep, cancellationToken).ConfigureAwait(false) is { } id
            && await store.FindSweepAsync(id, withBest: true, cancellationToken).ConfigureAwait(false) is var (_, found)
            ? await recovery.ReconcileAsync(found, cancellationToken).ConfigureAwait(false)
            : null;
    }

    public IAsyncEnumerable<SweepRecord> ListAsync(string? project = null, CancellationToken cancellationToken = default) =>
        ListAsync(new SweepQuery { Project = project }, cancellationToken);

    /// <summary>The sweeps that are not complete, newest first, each with the state that it truly has.</summary>
    public IAsyncEnumerable<SweepRecord> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        ListAsync(new SweepQuery { Unfinished = true }, cancellationToken);

    private async IAsyncEnumerable<SweepRecord> ListAsync(SweepQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var store = await stores.GetAsync().ConfigureAwait(false);
        await foreach (var sweep in store.ListSweepsAsync(query, cancellationToken).ConfigureAwait(false))
            yield return await recovery.ReconcileAsync(sweep, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<RunRecord> RunsAsync(
        string sweep, IReadOnlyList<RunState>? states = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var store = await stores.GetAsync().ConfigureAwait(false);
        var id = (await RequireAsync(sweep, cancellationToken).ConfigureAwait(false)).Id;
        await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = id, States = states ?? [] }, cancellationToken).ConfigureAwait(false))
            yield return run;
    }

    public async Task<RunRecord?> FindRunAsync(string run, CancellationToken cancellationToken = default)
    {
        var slash = run.LastIndexOf('/');
        if (slash < 0)
            return await FindHeldAsync(run, cancellationToken).ConfigureAwait(false);
        if (!long.TryParse(run.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        var store = await stores.GetAsync().ConfigureAwait(false);
        return await names.FindIdAsync(run[..slash], ExperimentKind.Sweep, cancellationToken).ConfigureAwait(false) is { } sweep
            ? await store.FindRunAsync(sweep, number, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task<RunRecord?> FindHeldAsync(string run, CancellationToken cancellationToken)
    {
        await lost.ReconcileAsync(cancellationToken).ConfigureAwait(false);
        return await (await stores.GetAsync().ConfigureAwait(false)).FindRunAsync(run, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As the other overloads, of a definition that was read elsewhere.</summary>
    public async Task<SweepRecord> SubmitAsync(SweepRequest request, SubmitOptions? submit, CancellationToken cancellationToken)
    {
        request = request with
        {
            Priority = submit?.Priority ?? 0,
            Workers = submit?.Workers,
            IsHosted = true,
            Observer = submit?.Observer,
        };
        var prepared = await runner.RecordAsync(request, cancellationToken).ConfigureAwait(false);
        if (dispatcher is null)
            Launch(prepared.Id, request, prepared, unattended: true);
        // The token ends here: a sweep that is recorded is executed, although its submitter may be gone.
        var sweep = await RequireAsync(prepared.Id, CancellationToken.None).ConfigureAwait(false);
        if (dispatcher is not null)
            await DispatchAsync(sweep, request, unattended: true).ConfigureAwait(false);
        return sweep;
    }

    private async Task StartOrQueueAsync(SweepRecord sweep, SweepRequest request)
    {
        if (dispatcher is null)
        {
            Launch(sweep.Id, request, prepared: null, unattended: true);
            return;
        }

        await AdoptAsync(sweep).ConfigureAwait(false);
        await DispatchAsync(sweep, request, unattended: true).ConfigureAwait(false);
    }

    /// <summary>Queues a sweep whose caller waits for its end, and waits for its start.</summary>
    private async Task<ActiveSweep> QueueAsync(string id, SweepRequest request, CancellationToken cancellationToken)
    {
        var sweep = await RequireAsync(id, CancellationToken.None).ConfigureAwait(false);
        var pending = await DispatchAsync(sweep, request, unattended: false).ConfigureAwait(false);
        using var canceled = cancellationToken.Register(() => request.Control.Cancel("canceled by its caller"));
        return await pending.Begun.ConfigureAwait(false);
    }

    // unattended: nobody waits for the result, so what goes wrong is logged
    private ActiveSweep Launch(string id, SweepRequest request, PreparedSweep? prepared, bool unattended)
    {
        if (_stopping)
            throw new InvalidOperationException(ShuttingDown);
        var active = new ActiveSweep(request.Control, request.Observer);
        if (!_active.TryAdd(id, active))
            throw new SweepBusyException(id);
        if (_stopping)
            active.Control.Shutdown(); // the end of the host came between: it has not seen this one
        // Its own flow: a sweep may be started in a request's or a run's, and outlives it.
        var traced = request with { Observer = active, Trace = Activity.Current?.Context ?? default };
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => ExecuteAsync(id, active, traced, prepared, unattended));
        return active;
    }

    private async Task ExecuteAsync(string id, ActiveSweep active, SweepRequest request, PreparedSweep? prepared, bool unattended)
    {
        var execution = runner.GoOnAsync(id, request, prepared, CancellationToken.None);
        await ((Task)execution).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (unattended && execution.Exception is { } cause)
        {
            // A dispatcher follows a sweep that another process executes: nothing has failed.
            if (dispatcher is null || cause.InnerException is not SweepBusyException)
                LogFailed(logger, id, cause.InnerException ?? cause);
        }
        else if (unattended && execution.Result.Error is { } fault)
            LogFault(logger, id, fault.Message);
        else if (unattended)
            await LogIfNoneSucceededAsync(execution.Result).ConfigureAwait(false);
        _active.TryRemove(id, out _);
        active.End(execution);
    }

    private async Task<string> SteerAsync(string sweep, SteeringRequest request, CancellationToken cancellationToken)
    {
        SteeringAnswer? answer = null;
        sweep = await IdOfAsync(sweep, cancellationToken).ConfigureAwait(false);
        if (request.Kind is SteeringKind.Stop or SteeringKind.Cancel && Withdraw(sweep, "ended on request") is { } withdrawn)
        {
            await withdrawn.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
            await dispatcher!.WithdrawAsync(sweep, "ended on request", cancellationToken).ConfigureAwait(false);
            return "The sweep was not begun; it is stopped, and can be resumed.";
        }

        if (_active.TryGetValue(sweep, out var active))
        {
            answer = await active.Control.PostAsync(request).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (answer is null)
                await active.Ended.WaitAsync(cancellationToken).ConfigureAwait(false); // it came too late: the store follows it
        }

        answer ??= await steering.SendAsync(sweep, request, cancellationToken).ConfigureAwait(false);
        return answer.Accepted ? answer.Message : throw new SteeringException(answer.Message);
    }

    private async Task LogIfNoneSucceededAsync(SweepResult result)
    {
        if (result.Counts is { Completed: 0, Failed: 0, Pruned: var pruned, Canceled: var canceled } && pruned + canceled > 0)
            LogNoneCompleted(logger, result.Id, result.Counts.Total, pruned, canceled, result.EndReason ?? "");
        if (result.Counts is { Completed: > 0 } or { Failed: 0 } || !logger.IsEnabled(LogLevel.Error))
            return;
        await foreach (var run in result.ReadRunsAsync().ConfigureAwait(false))
        {
            if (run.Failure is not { } failure)
                continue;
            LogNoneSucceeded(logger, result.Id, result.Counts.Total, result.Counts.Failed, run.Id, failure.Message);
            return;
        }
    }

    private async Task<SweepRecord> RequireAsync(string sweep, CancellationToken cancellationToken) =>
        await FindAsync(await IdOfAsync(sweep, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false)
            ?? throw new SweepNotFoundException($"There is no sweep '{sweep}'.");

    private async ValueTask<string> IdOfAsync(string sweep, CancellationToken cancellationToken) =>
        _active.ContainsKey(sweep) || _pending.ContainsKey(sweep) ? sweep : await names.IdOfAsync(sweep, ExperimentKind.Sweep, cancellationToken).ConfigureAwait(false);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep} could not be executed.")]
    private static partial void LogFailed(ILogger logger, string sweep, Exception cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep}: none of its {Total} run(s) succeeded, {Failed} failed. The first of them, {Run}: {Reason}")]
    private static partial void LogNoneSucceeded(ILogger logger, string sweep, long total, long failed, string run, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Sweep {Sweep}: none of its {Total} run(s) completed, {Pruned} were pruned and {Canceled} canceled. It ended because of: {Reason}")]
    private static partial void LogNoneCompleted(ILogger logger, string sweep, long total, long pruned, long canceled, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep} was ended by a fault: {Reason}")]
    private static partial void LogFault(ILogger logger, string sweep, string reason);
}
