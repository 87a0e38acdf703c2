using Orchestrator.Execution;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Sampling;
using Orchestrator.Storage;

namespace Orchestrator.Sweeps;

/// <summary>Rebuilds where a stored sweep stands, from the store alone. The caller holds the sweep's lock.</summary>
internal sealed class SweepRestart(ISweepStore store, SweepExecution sweep, TimeProvider time)
{
    public async Task<SweepStart> PrepareAsync(SweepRecord stored, ISampler sampler, CancellationToken cancellationToken)
    {
        // Also where the sweep's end is recorded: one that ended by a fault of its own may have left runs behind.
        if (stored.State is SweepState.Running or SweepState.Paused || stored.Counts.Running > 0)
            await SweepRecovery.ReleaseAsync(store, sweep.Key, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        var progress = await store.ProgressAsync(sweep.Key, cancellationToken).ConfigureAwait(false);
        var waiting = new List<RunTicket>();
        foreach (var open in progress.Open.OrderBy(r => r.Number))
        {
            if (open.State is RunState.Canceled or RunState.Paused)
                await store.AppendAsync(new RunMoved { Run = new RunKey(sweep.Key, open.Number), To = RunState.Queued, At = time.GetUtcNow() }).ConfigureAwait(false);
            waiting.Add(await TicketOfAsync(open, cancellationToken).ConfigureAwait(false));
        }

        var order = await ReplayInOrderAsync(stored, sampler, cancellationToken).ConfigureAwait(false);
        // What its results had decided was carried out, to the last run: who takes it up now goes beyond.
        if (order is not null && waiting.Count == 0 && stored.State is (SweepState.Stopped or SweepState.Completed)
            && progress.NextNumber % sweep.Definition.RunsPerAssignment == 0)
        {
            order.TryAdvance(progress.NextNumber / sweep.Definition.RunsPerAssignment);
            if (order.End is not null)
                order.GoOnFrom(progress.NextNumber);
        }

        // A breaker that opened is closed again by whoever resumes; one that had only counted goes on counting.
        var wasStopped = stored.State == SweepState.Stopped;
        return new SweepStart
        {
            NextNumber = progress.NextNumber,
            Current = await CurrentAsync(progress.NextNumber, cancellationToken).ConfigureAwait(false),
            Waiting = waiting,
            Order = order,
            Replicates = sampler.UsesHistory && order is null ? await ReplayAsync(sampler, cancellationToken).ConfigureAwait(false) : null,
            BestObjective = progress.BestObjective,
            ConsecutiveFailures = wasStopped ? 0 : progress.ConsecutiveFailures,
            Failed = wasStopped ? 0 : progress.Counts.Failed,
            ElapsedSeconds = progress.ElapsedSeconds,
        };
    }

    private async Task<RunTicket> TicketOfAsync(OpenRun open, CancellationToken cancellationToken)
    {
        IReadOnlyList<AttemptRecord> attempts = open.Attempts == 0 ? []
            : await store.AttemptsAsync(sweep.Id, open.Number, cancellationToken).ConfigureAwait(false);
        var counted = attempts.Where(a => a.Number > open.Forgiven).ToArray();
        return new RunTicket
        {
            Sweep = sweep,
            Number = open.Number,
            Proposal = open.Proposal,
            Replicate = open.Replicate,
            Seed = open.Seed,
            Name = open.Name,
            Parameters = open.Parameters,
            Attempts = open.Attempts,
            FailedAttempts = counted.Count(a => a.State == RunState.Failed && a.Failure?.Kind != FailureKind.WorkerLost),
            Losses = counted.Count(a => a.Failure is { } failure && RunExecutor.CountsAsLoss(failure)),
            IsAlone = attempts.Any(a => a.Failure?.Kind == FailureKind.OutOfMemory),
            Checkpoints = open.Attempts == 0
                ? new CheckpointBook()
                : new CheckpointBook(await store.CheckpointsAsync(sweep.Id, open.Number, cancellationToken).ConfigureAwait(false)),
        };
    }

    /// <summary>The assignment that the next run repeats with another seed, if the sweep stopped in the middle of a proposal.</summary>
    private async Task<ParameterSet?> CurrentAsync(long next, CancellationToken cancellationToken) =>
        next % sweep.Definition.RunsPerAssignment == 0
            ? null
            : (await store.FindRunAsync(sweep.Id, next - 1, cancellationToken).ConfigureAwait(false))?.Parameters;

    /// <summary>As <see cref="ReplayAsync"/> for a reproducible sweep: every call in the order in which it was made the first time.</summary>
    private async Task<ResultOrder?> ReplayInOrderAsync(SweepRecord stored, ISampler sampler, CancellationToken cancellationToken)
    {
        if (ResultOrder.Of(sweep.Definition, sampler, sweep.Id, stored.DecidedFrom) is not { } order)
            return null;
        var last = -1L;
        await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = sweep.Id }, cancellationToken).ConfigureAwait(false))
        {
            if (run.Proposal != last)
            {
                last = run.Proposal;
                order.TryAdvance(run.Proposal);
                if (sampler.UsesHistory)
                    sampler.Tell(new Observation(run.Proposal, run.Parameters, ObservationState.Pending, []));
            }

            if (run.State is RunState.Completed or RunState.Failed or RunState.Pruned)
                order.Add(run.Number, run.Proposal, run.Parameters, run.State, run.Objective);
        }

        return order;
    }

    /// <summary>Tells a sampler with history everything that is stored: proposals as pending, results in the order they came.</summary>
    private async Task<ReplicateBook> ReplayAsync(ISampler sampler, CancellationToken cancellationToken)
    {
        var last = -1L;
        await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = sweep.Id }, cancellationToken).ConfigureAwait(false))
        {
            if (run.Proposal == last)
                continue;
            last = run.Proposal;
            sampler.Tell(new Observation(run.Proposal, run.Parameters, ObservationState.Pending, []));
        }

        var book = new ReplicateBook(sweep.Definition.RunsPerAssignment);
        var ended = new RunQuery
        {
            Sweep = sweep.Id,
            States = [RunState.Completed, RunState.Failed, RunState.Pruned],
            Order = RunOrder.Ended,
        };
        await foreach (var run in store.QueryRunsAsync(ended, cancellationToken).ConfigureAwait(false))
        {
            if (book.Add(run.Proposal, run.Parameters, run.State, run.Objective) is { } observation)
                sampler.Tell(observation);
        }

        return book;
    }
}
