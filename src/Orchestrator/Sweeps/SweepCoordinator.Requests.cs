using System.Globalization;
using Orchestrator.Configuration;
using Orchestrator.Execution;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Storage;
using Orchestrator.Sweeps.Steering;

namespace Orchestrator.Sweeps;

/// <summary>What a coordinator does when it is asked to. Each request is answered when it is in force and on its way to the store.</summary>
internal sealed partial class SweepCoordinator
{
    private async ValueTask<SteeringAnswer> ObeyAsync(SteeringRequest request)
    {
        if (_stop is not null && request.Kind is SteeringKind.Pause or SteeringKind.Continue)
            return new(false, $"The sweep is ending: {_stop.Reason}.");
        var answer = request.Kind switch
        {
            SteeringKind.Pause => await PauseAsync(pause: true).ConfigureAwait(false),
            SteeringKind.Continue => await PauseAsync(pause: false).ConfigureAwait(false),
            SteeringKind.Stop when _stop is not null => new(true, $"The sweep is ending already: {_stop.Reason}."),
            SteeringKind.Stop => Raise(_control.Stop, "Nothing new is started; running runs go on to their end."),
            SteeringKind.Cancel => Raise(_control.Cancel, "Running runs are ended; they can be resumed."),
            SteeringKind.Set => await SetAsync(request).ConfigureAwait(false),
            SteeringKind.Retry => await RetryAsync(request).ConfigureAwait(false),
            _ => new(false, $"This version knows no request '{request.Kind}'."),
        };
        if (!answer.Accepted || request.Kind is SteeringKind.Stop or SteeringKind.Cancel)
            return answer;
        if (_stop is not null)
            answer = answer with { Message = $"{answer.Message} The sweep is ending ({_stop.Reason}): it counts once the sweep is resumed." };
        var state = _paused ? SweepState.Paused : SweepState.Running;
        _observer.SweepSteered(new SweepSteered(state, answer.Message, RunSource.Planned(_sweep.Definition, _sampler), _stop is not null));
        return answer;
    }

    /// <summary>A sweep that only waits for its last runs, since it had reached its target or its time, goes on when it is given more to do.</summary>
    private void Reopen()
    {
        if (_stop is not { State: SweepState.Completed })
            return;
        _stop = null;
        if (!_paused)
            _sweep.OpenToStarts();
    }

    private static SteeringAnswer Raise(Action<string> raise, string message)
    {
        raise("ended on request");
        return new(true, message);
    }

    private async ValueTask<SteeringAnswer> PauseAsync(bool pause)
    {
        if (_paused == pause)
            return new(true, pause ? "The sweep is paused already." : "The sweep is not paused.");
        _paused = pause;
        if (pause)
            CloseToStarts();
        else
            _sweep.OpenToStarts();
        var state = pause ? SweepState.Paused : SweepState.Running;
        await _store.AppendAsync(new SweepChanged { Sweep = _sweep.Key, State = state, At = _time.GetUtcNow() }).ConfigureAwait(false);
        return new(true, pause ? "Nothing new is started until the sweep is continued; running runs go on." : "The sweep goes on.");
    }

    private async ValueTask<SteeringAnswer> SetAsync(SteeringRequest request)
    {
        var limits = _sweep.Definition.Limits;
        if (request.Problem(_sweep.Definition, _source.NextNumber) is { } problem)
            return new(false, problem);
        if (request.Memory is not null)
            return new(false, "resources.memory is what runs are packed by, and can be set only while nobody executes the sweep: stop it, set it, and resume it.");
        var reopens = request.GivesMore(limits, _clock.ElapsedSeconds);
        request.ApplyTo(_sweep.Definition);
        _sweep.RenewTerms();
        if (reopens)
            Reopen();
        if (request.MaxConcurrent is { } concurrent)
        {
            _workers = concurrent;
            _sweep.Lane.Limit = concurrent;
            _growPool(concurrent);
        }

        if (request.Priority is { } priority)
            _sweep.Lane.Priority = priority;
        _queue.Reconsider(); // what waits there may start now
        if (request.Duration is not null)
            _clock.Start();
        await _store.AppendAsync(new SweepChanged
        {
            Sweep = _sweep.Key,
            Definition = SweepFileWriter.ToJson(_sweep.Definition),
            PlannedRuns = RunSource.Planned(_sweep.Definition, _sampler),
            Priority = request.Priority,
            At = _time.GetUtcNow(),
        }).ConfigureAwait(false);
        return new(true, request.Describe(_sweep.Definition));
    }

    private async ValueTask<SteeringAnswer> RetryAsync(SteeringRequest request)
    {
        _store.Flush();
        var count = 0;
        await foreach (var run in FailedRuns.SelectAsync(_store, _sweep.Id, request).ConfigureAwait(false))
        {
            await _store.AppendAsync(FailedRuns.Requeue(_sweep.Key, run, _time.GetUtcNow())).ConfigureAwait(false);
            var attempts = await _store.AttemptsAsync(_sweep.Id, run.Number).ConfigureAwait(false);
            _waiting.Enqueue(new RunTicket
            {
                Sweep = _sweep,
                Number = run.Number,
                Proposal = run.Proposal,
                Replicate = run.Replicate,
                Seed = run.Seed,
                Name = run.Name,
                Parameters = run.Parameters,
                Attempts = run.Attempts,
                IsAlone = attempts.Any(a => a.Failure?.Kind == FailureKind.OutOfMemory),
                Checkpoints = new CheckpointBook(await _store.CheckpointsAsync(_sweep.Id, run.Number).ConfigureAwait(false)),
            });
            count++;
        }

        if (count > 0)
            Reopen();
        return new(true, string.Create(CultureInfo.InvariantCulture, $"{count} failed {(count == 1 ? "run is" : "runs are")} queued again."));
    }
}
