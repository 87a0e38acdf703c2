using System.Globalization;
using Orchestrator.Configuration;
using Orchestrator.Storage;

namespace Orchestrator.Sweeps.Steering;

/// <summary>Follows requests to a sweep that nobody executes, in the store alone. The caller holds the sweep's lock.</summary>
internal sealed class IdleSweep(ISweepStore store, ISweepCatalog catalog, TimeProvider time)
{
    public async Task<SteeringAnswer> ObeyAsync(string id, SteeringRequest request, CancellationToken cancellationToken)
    {
        var (key, sweep) = (await store.FindSweepAsync(id, withBest: false, cancellationToken).ConfigureAwait(false))!.Value;
        if (sweep.State is SweepState.Running or SweepState.Paused)
        {
            await SweepRecovery.ReleaseAsync(store, key, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            (key, sweep) = (await store.FindSweepAsync(id, withBest: false, cancellationToken).ConfigureAwait(false))!.Value;
        }

        return request.Kind switch
        {
            SteeringKind.Set => await SetAsync(key, sweep, request, cancellationToken).ConfigureAwait(false),
            SteeringKind.Retry => await RetryAsync(key, sweep, request).ConfigureAwait(false),
            SteeringKind.Stop or SteeringKind.Cancel when sweep.State != SweepState.Completed =>
                await EndAsync(key, "ended on request").ConfigureAwait(false),
            _ => new(false, $"Sweep {id} is not being executed: it is {sweep.State.ToString().ToLowerInvariant()}."),
        };
    }

    private async Task<SteeringAnswer> SetAsync(long key, SweepRecord sweep, SteeringRequest request, CancellationToken cancellationToken)
    {
        var definition = StoredDefinition.Read(sweep, catalog, code: null, lenient: true);
        var progress = await store.ProgressAsync(key, cancellationToken).ConfigureAwait(false);
        if (request.Problem(definition, progress.NextNumber) is { } problem)
            return new(false, problem);
        // A complete sweep that is given more room is one to go on with.
        var reopens = sweep.State == SweepState.Completed && request.GivesMore(definition.Limits, sweep.ElapsedSeconds);
        request.ApplyTo(definition);
        await ChangeAsync(new SweepChanged
        {
            Sweep = key,
            State = reopens ? SweepState.Stopped : null,
            EndReason = reopens ? "extended" : null,
            Definition = SweepFileWriter.ToJson(definition),
            PlannedRuns = request.MaxRuns ?? (request.MoreRuns is null ? null : definition.Limits.MaxRuns),
            Priority = request.Priority,
            At = time.GetUtcNow(),
        }).ConfigureAwait(false);
        return new(true, request.Describe(definition));
    }

    private async Task<SteeringAnswer> RetryAsync(long key, SweepRecord sweep, SteeringRequest request)
    {
        var count = 0;
        await foreach (var run in FailedRuns.SelectAsync(store, sweep.Id, request).ConfigureAwait(false))
        {
            await store.AppendAsync(FailedRuns.Requeue(key, run, time.GetUtcNow())).ConfigureAwait(false);
            count++;
        }

        if (count > 0 && sweep.State == SweepState.Completed)
            await store.AppendAsync(new SweepChanged { Sweep = key, State = SweepState.Stopped, EndReason = "failed runs are queued again", At = time.GetUtcNow() }).ConfigureAwait(false);
        await store.FlushAsync().ConfigureAwait(false);
        return new(true, string.Create(CultureInfo.InvariantCulture, $"{count} failed {(count == 1 ? "run is" : "runs are")} queued again."));
    }

    private async Task<SteeringAnswer> EndAsync(long key, string reason)
    {
        await ChangeAsync(new SweepChanged { Sweep = key, State = SweepState.Stopped, EndReason = reason, At = time.GetUtcNow() }).ConfigureAwait(false);
        return new(true, "Nobody executes the sweep; it is stopped, and can be resumed.");
    }

    private async Task ChangeAsync(SweepChanged change)
    {
        await store.AppendAsync(change).ConfigureAwait(false);
        await store.FlushAsync().ConfigureAwait(false);
    }
}
