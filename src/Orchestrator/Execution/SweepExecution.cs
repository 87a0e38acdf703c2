using System.Diagnostics;
using System.Threading.Channels;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Storage;

namespace Orchestrator.Execution;

/// <summary>What the executor needs to know of a sweep, and where it tells what happened.</summary>
internal sealed class SweepExecution
{
    private volatile bool _closed;
    private volatile RunTerms _terms = null!;

    public required long Key { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Project { get; init; }
    public required string Home { get; init; }

    /// <summary>The coordinator's to change; what runs need of that they have from <see cref="Terms"/>.</summary>
    public required SweepDefinition Definition
    {
        get;
        init
        {
            field = value;
            _terms = RunTerms.Of(value);
        }
    }

    public required Metric Metric { get; init; }
    public required TrainableRunner Trainable { get; init; }
    /// <summary>Where its runs are executed.</summary>
    public required IRunPlace Place { get; init; }

    public required IReadOnlyList<TrackerReference> Trackers { get; init; }
    public required IServiceProvider Services { get; init; }
    public required ISweepStore Store { get; init; }
    public required ChannelWriter<SweepEvent> Events { get; init; }

    /// <summary>Deletes the files of checkpoints that are not kept.</summary>
    public CheckpointTrash Trash { get; } = new();

    /// <summary>What holds for attempts that begin now, and for the question whether one that ends now is followed by another.</summary>
    public RunTerms Terms => _terms;

    /// <summary>Its span; <see langword="null"/> where nobody listens.</summary>
    public Activity? Span { get; init; }

    /// <summary>Its place in the queue that all sweeps of the process share.</summary>
    public RunLane Lane { get; init; } = new(RunAllotment.Anywhere());

    /// <summary>Whether queued runs may still begin.</summary>
    public bool AcceptsStarts => !_closed;

    /// <summary>The definition was changed.</summary>
    public void RenewTerms() => _terms = RunTerms.Of(Definition);

    public void CloseToStarts() => _closed = true;

    public void OpenToStarts() => _closed = false;
}

/// <summary>What a coordinator hears.</summary>
internal enum SweepEventKind
{
    /// <summary>An attempt began.</summary>
    Began,

    /// <summary>A worker is free again; the ticket was executed, or given back unstarted (<see cref="SweepEvent.Attempt"/> is null).</summary>
    Exited,

    /// <summary>The end of an attempt is durable.</summary>
    Committed,

    /// <summary>The store refused the end of an attempt: another worker holds the run by now, and its end is the one that counts.</summary>
    Refused,

    /// <summary>The orchestrator itself failed at a run (the store cannot write, for one): the sweep must end.</summary>
    Faulted,

    /// <summary>A timer or a person asks to look again at limits, retries and requests.</summary>
    Wake,
}

/// <summary>One thing that happened to a sweep.</summary>
internal readonly record struct SweepEvent(
    SweepEventKind Kind, RunTicket? Ticket = null, RunAttempt? Attempt = null, AttemptResult? Result = null, Exception? Error = null);

/// <summary>What came of an attempt.</summary>
/// <param name="Outcome">How the attempt ended.</param>
/// <param name="Next">The run's next state: an end, or queued for another attempt.</param>
/// <param name="Objective">The value of the sweep's metric.</param>
/// <param name="Failure">Why it failed, if it did.</param>
/// <param name="EndedAt">When.</param>
internal sealed record AttemptResult(RunState Outcome, RunState Next, double? Objective, RunFailure? Failure, DateTimeOffset EndedAt);

/// <summary>Records the end of an attempt and tells the coordinator once it is durable.</summary>
internal sealed class AttemptEndedCommand(RunTicket ticket, RunAttempt attempt, AttemptResult result) : AttemptEnded
{
    public override void Committed(bool applied)
    {
        if (applied)
            ticket.Sweep.Trash.Add(attempt.Info.Folder.FullPath, SupersededCheckpoints);
        ticket.Sweep.Events.TryWrite(new SweepEvent(applied ? SweepEventKind.Committed : SweepEventKind.Refused, ticket, attempt, result));
    }

    public override void Failed(Exception cause) =>
        ticket.Sweep.Events.TryWrite(new SweepEvent(SweepEventKind.Faulted, ticket, attempt, result, cause));
}
