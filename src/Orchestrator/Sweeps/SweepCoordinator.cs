using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using Orchestrator.Execution.Devices;
using Orchestrator.Sampling;
using Orchestrator.Storage;

namespace Orchestrator.Sweeps;

/// <summary>
/// The loop that owns one sweep: it alone touches the sampler, decides what runs next and when the sweep ends. Everything reaches
/// it through one channel, so nothing in it needs a lock. It blocks a thread of its own: user code may have used up the pool.
/// </summary>
internal sealed partial class SweepCoordinator : IDisposable
{
    private readonly SweepExecution _sweep;
    private readonly ISampler _sampler;
    private readonly RunSource _source;
    private readonly ISweepStore _store;
    private readonly IRunQueue _queue;
    private readonly SweepControl _control;
    private readonly ObserverGuard _observer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ChannelReader<SweepEvent> _events;
    private readonly Action<int> _growPool;

    private readonly Queue<RunTicket> _waiting = new();
    private readonly RetrySchedule _retries;
    private readonly Dictionary<long, RunAttempt> _running = [];
    private readonly ReplicateBook? _replicates;
    private readonly ResultOrder? _order;
    private readonly CircuitBreaker _breaker;
    private readonly Lookahead _lookahead;
    private readonly SweepClock _clock;
    private readonly DeviceHealth? _devices;
    private readonly CancellationTokenSource _asking = new();

    private int _workers;
    private int _out;
    private int _outAlone;
    private bool _paused;
    private int _uncommitted;
    private double? _best;
    private SweepEnd? _stop;
    private StopLevel _level;

    public SweepCoordinator(SweepExecution sweep, CoordinatorParts parts, ChannelReader<SweepEvent> events)
    {
        _sweep = sweep;
        _events = events;
        _sampler = parts.Sampler;
        _store = parts.Store;
        _queue = parts.Queue;
        _control = parts.Control;
        _observer = parts.Observer;
        _time = parts.Time;
        _logger = parts.Logger;
        _workers = parts.Workers;
        _growPool = parts.GrowPool;
        _source = new RunSource(sweep, parts.Sampler, parts.Start.NextNumber, parts.Start.Current);
        _replicates = parts.Start.Replicates;
        _order = parts.Start.Order;
        _best = parts.Start.BestObjective;
        _breaker = new CircuitBreaker(sweep.Definition.Failure, parts.Start.ConsecutiveFailures, parts.Start.Failed);
        _devices = sweep.Lane.Request.Devices > 0 ? new DeviceHealth(sweep.Lane.Allotment.Devices.Count) : null;
        _lookahead = new Lookahead(parts.Workers, parts.Sampler.UsesHistory);
        _retries = new RetrySchedule(parts.Time, Wake);
        _clock = new SweepClock(sweep, parts.Store, parts.Time, parts.Start.ElapsedSeconds, Wake);
        foreach (var ticket in parts.Start.Waiting)
            _waiting.Enqueue(ticket);
    }

    /// <summary>Executes the sweep until nothing is left or something ends it. Runs that were begun have ended, durably.</summary>
    public Task<SweepEnd> RunAsync()
    {
        var ended = new TaskCompletionSource<SweepEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                ended.SetResult(Run());
            }
            catch (Exception cause) // whoever waits for the sweep must hear of it
            {
                ended.SetException(cause);
            }
        }) { IsBackground = true, Name = "sweep " + _sweep.Id };
        thread.UnsafeStart(); // the caller's flow, with its ambient run if there is one, is not the sweep's
        return ended.Task;
    }

    private SweepEnd Run()
    {
        _control.Attach(() =>
        {
            if (_control.Level != StopLevel.None)
                _asking.Cancel();
            Wake();
        });
        try
        {
            _clock.Start();
            while (true)
            {
                Listen();
                Fill();
                if (IsDone)
                    break;
                _events.WaitToReadAsync().AsTask().GetAwaiter().GetResult();
                while (_events.TryRead(out var happened))
                    Handle(happened);
            }

            return Finish();
        }
        catch (Exception cause) // the store's or the sampler's: runs must not go on without anybody who hears of their end
        {
            CancelRunning();
            return new SweepEnd(SweepEndKind.Fault, SweepState.Failed, cause.Message, cause);
        }
    }

    public void Dispose()
    {
        _control.Close();
        _sweep.CloseToStarts();
        _queue.Withdraw(_sweep.Lane);
        _retries.Dispose();
        _clock.Dispose();
        _asking.Dispose();
    }

    private bool IsDone => _out == 0 && _uncommitted == 0
        && (_stop is not null || (_waiting.Count == 0 && _retries.Count == 0 && ProposesNoMore));

    private bool ProposesNoMore => _source.IsExhausted || _order?.End is not null;

    private void Wake() => _sweep.Events.TryWrite(new SweepEvent(SweepEventKind.Wake));

    /// <summary>Hears requests, time and due retries.</summary>
    private void Listen()
    {
        while (_control.TryTake(out var request, out var answer))
            answer.TrySetResult(ObeyAsync(request).AsTask().GetAwaiter().GetResult());
        var level = _control.Level; // read once: it may rise at any moment, and a rise that is missed here is never heard
        if (level != StopLevel.None)
            Stop(new SweepEnd(SweepEndKind.Requested, _control.IsShutdown ? SweepState.Interrupted : SweepState.Stopped, _control.Reason));
        if (level == StopLevel.Cancel && _level != StopLevel.Cancel)
            CancelRunning();
        _level = level;
        if (_clock.IsOver)
            Stop(new SweepEnd(SweepEndKind.Duration, SweepState.Completed, "the time in limits.duration is over"));
        while (_retries.TryTakeDue(out var due))
            _waiting.Enqueue(due);
    }

    private void Fill()
    {
        // What waits to be alone takes nobody's place meanwhile.
        while (_stop is null && !_paused && _out - _outAlone < _workers + _lookahead.Given(_queue.IsShared))
        {
            if (!_waiting.TryDequeue(out var ticket))
            {
                if ((ticket = Propose()) is null)
                    return;
                _store.Append(new RunQueued
                {
                    Run = ticket.Key,
                    Name = ticket.Name,
                    Proposal = ticket.Proposal,
                    Replicate = ticket.Replicate,
                    Seed = ticket.Seed,
                    Parameters = ticket.Parameters,
                    At = _time.GetUtcNow(),
                });
            }

            CountOut(ticket, 1);
            _queue.Enqueue(ticket);
        }
    }

    private void CountOut(RunTicket ticket, int change)
    {
        _out += change;
        if (ticket.IsAlone)
            _outAlone += change;
    }

    private RunTicket? Propose()
    {
        try
        {
            return _source.NextProposal is { } proposal && !MayDecideOn(proposal) ? null : _source.Next(_asking.Token);
        }
        catch (OperationCanceledException) when (_asking.IsCancellationRequested)
        {
            return null; // a request to stop came in the middle of a long search; it is heard next
        }
        catch (Exception cause)
        {
            Stop(new SweepEnd(SweepEndKind.Fault, SweepState.Failed, "the sampler cannot go on: " + cause.Message, cause));
            return null;
        }
    }

    /// <summary>Whether a reproducible sweep has the results that the decision on a proposal looks at, and they say that it goes on.</summary>
    private bool MayDecideOn(long proposal)
    {
        if (_order is null || _source.IsExhausted)
            return true;
        if (_order.End is not null || !_order.TryAdvance(proposal))
            return false;
        if (_order.End is null)
            return true;
        _observer.SweepStopping(_order.End.Reason);
        return false;
    }

    private void Handle(SweepEvent happened)
    {
        switch (happened.Kind)
        {
            case SweepEventKind.Began:
                _running[happened.Ticket!.Number] = happened.Attempt!;
                if (_level == StopLevel.Cancel)
                    happened.Attempt!.Cancel(CancellationReason.Canceled);
                _observer.RunStarted(happened.Attempt!);
                break;

            case SweepEventKind.Exited when happened.Attempt is null:
                CountOut(happened.Ticket!, -1);
                _waiting.Enqueue(happened.Ticket!); // given back unstarted
                break;

            case SweepEventKind.Exited:
                CountOut(happened.Ticket!, -1);
                _uncommitted++;
                _running.Remove(happened.Ticket!.Number);
                _lookahead.Add(happened.Result!.EndedAt - happened.Attempt.Info.StartedAt);
                break;

            case SweepEventKind.Committed:
                _uncommitted--;
                Ended(happened.Ticket!, happened.Attempt!, happened.Result!);
                _clock.Record();
                break;

            case SweepEventKind.Refused:
                _uncommitted--;
                LogRefused(_logger, happened.Attempt!.Info.Id, happened.Attempt.Info.Attempt);
                if (_order is not null) // its result is known elsewhere, and every decision would wait for it
                    Stop(new SweepEnd(SweepEndKind.Fault, SweepState.Failed, $"another worker holds run {happened.Attempt.Info.Id}: a reproducible sweep cannot go on without its result"));
                break;

            case SweepEventKind.Faulted:
                if (happened.Attempt is null)
                    GiveUp(happened.Ticket!, happened.Error!);
                else
                    _uncommitted--;
                Stop(new SweepEnd(SweepEndKind.Fault, SweepState.Failed, happened.Error!.Message, happened.Error));
                CancelRunning();
                break;
        }
    }

    /// <summary>An attempt's end is on disk: only now is anybody told.</summary>
    private void Ended(RunTicket ticket, RunAttempt attempt, AttemptResult result)
    {
        var isBest = result.Next == RunState.Completed && (_best is not { } best || _sweep.Metric.IsBetter(result.Objective!.Value, best));
        if (isBest)
            _best = result.Objective;
        _observer.RunEnded(new RunEnded(
            attempt.Info, result.Outcome, result.Next, result.Objective, result.Failure, result.EndedAt, isBest));

        if (_devices is not null && ticket.Grant is { } grant)
            Blame(_devices, ticket, grant.Placement.Devices, result);

        if (result.Next == RunState.Queued)
        {
            ticket.IsAlone |= result.Failure is { Kind: FailureKind.OutOfMemory };
            _retries.Add(ticket, result.Failure is { Kind: FailureKind.WorkerLost }
                ? TimeSpan.Zero // not the run's doing
                : _sweep.Terms.Retry.DelayAfter(ticket.FailedAttempts));
            return;
        }

        if (result.Next == RunState.Canceled)
            _waiting.Enqueue(ticket); // not gone: resume takes it up
        if (_order is not null)
        {
            if (result.Next != RunState.Canceled)
                _order.Add(ticket.Number, ticket.Proposal, ticket.Parameters, result.Next, result.Objective);
            return; // what it decides, it decides when it is its turn
        }

        if (result.Next != RunState.Canceled
            && _replicates?.Add(ticket.Proposal, ticket.Parameters, result.Next, result.Objective) is { } observation)
            _sampler.Tell(observation);

        if (_breaker.Add(result.Next) is { } reason)
            Stop(new SweepEnd(SweepEndKind.CircuitBreaker, SweepState.Stopped, reason));
        if (result.Next == RunState.Completed && _sweep.Metric.ReachesTarget(result.Objective!.Value))
            Stop(new SweepEnd(SweepEndKind.Target, SweepState.Completed, $"the target was reached by run {attempt.Info.Id}"));
    }

    private void Stop(SweepEnd end)
    {
        if (_stop is not null)
            return;
        _stop = end;
        CloseToStarts();
        // A fault is told in full at the end, by whoever hears the result.
        _observer.SweepStopping(end.Kind == SweepEndKind.Fault ? "the sweep cannot go on" : end.Reason);
    }

    /// <summary>Nothing queued begins any more, and what no worker has taken yet comes back.</summary>
    private void CloseToStarts()
    {
        _sweep.CloseToStarts();
        foreach (var ticket in _queue.Withdraw(_sweep.Lane))
        {
            CountOut(ticket, -1);
            _waiting.Enqueue(ticket);
        }
    }

    /// <summary>A run that could not be executed, by the orchestrator's own fault: it must not look as if somebody did. Resume takes it up.</summary>
    private void GiveUp(RunTicket ticket, Exception cause)
    {
        CountOut(ticket, -1);
        _running.Remove(ticket.Number);
        _waiting.Enqueue(ticket);
        _store.Append(new RunMoved
        {
            Run = ticket.Key,
            To = RunState.Queued,
            LostAttempt = FailureCapture.FromRule(FailureKind.WorkerLost, $"The attempt could not be executed: {cause.Message}"),
            OfAttempt = ticket.Attempts,
            At = _time.GetUtcNow(),
        });
    }

    private void CancelRunning()
    {
        foreach (var attempt in _running.Values)
            attempt.Cancel(CancellationReason.Canceled);
    }

    private SweepEnd Finish()
    {
        var leftOver = _waiting.Count + _retries.Count;
        var end = _stop;
        if (end is null || (end.Kind == SweepEndKind.Requested && leftOver == 0 && Propose() is null && ProposesNoMore))
        {
            _order?.Drain(); // the last results decide, too: what is said of the end must not depend on when they came
            end = _order?.End ?? new SweepEnd(SweepEndKind.Exhausted, SweepState.Completed, "all runs have ended");
        }

        if (end.State == SweepState.Completed)
            Withdraw();

        _store.Append(new SweepChanged
        {
            Sweep = _sweep.Key,
            State = end.State,
            EndReason = end.Reason,
            ElapsedSeconds = _clock.ElapsedSeconds,
            At = _time.GetUtcNow(),
        });
        _store.Flush();
        return end;
    }

    /// <summary>A sweep that is complete leaves nothing queued: what was queued ahead of its end is canceled.</summary>
    private void Withdraw()
    {
        foreach (var ticket in _waiting.Concat(_retries.TakeAll()))
            _store.Append(new RunMoved { Run = ticket.Key, To = RunState.Canceled, At = _time.GetUtcNow() });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of attempt {Attempt} at run {Run} was refused: another worker holds the run.")]
    private static partial void LogRefused(ILogger logger, string run, int attempt);
}
