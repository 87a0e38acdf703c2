using System.Text.Json.Serialization;
using Orchestrator.Configuration;

namespace Orchestrator;

/// <summary>The state of a sweep.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SweepState>))]
public enum SweepState
{
    /// <summary>Recorded; nothing executed yet.</summary>
    Queued,

    /// <summary>Being executed.</summary>
    Running,

    /// <summary>Being executed, but starting nothing new until it is continued.</summary>
    Paused,

    /// <summary>Everything that was to be run has ended.</summary>
    Completed,

    /// <summary>Ended early, by a person, a signal or the circuit breaker; <c>resume</c> goes on.</summary>
    Stopped,

    /// <summary>
    /// Its process ended before it did: the host was shut down, or the process was killed or crashed, or the power failed; <c>resume</c> goes on.
    /// </summary>
    Interrupted,

    /// <summary>Ended early by the sweep's own fault; the reason is recorded.</summary>
    Failed,
}

/// <summary>How many runs are in which state.</summary>
public sealed record RunCounts(
    long Queued = 0, long Running = 0, long Paused = 0, long Completed = 0, long Failed = 0, long Pruned = 0, long Canceled = 0)
{
    /// <summary>All runs.</summary>
    public long Total => Queued + Running + Paused + Completed + Failed + Pruned + Canceled;

    /// <summary>How many runs are in that state.</summary>
    public long this[RunState state] => state switch
    {
        RunState.Queued => Queued,
        RunState.Running => Running,
        RunState.Paused => Paused,
        RunState.Completed => Completed,
        RunState.Failed => Failed,
        RunState.Pruned => Pruned,
        _ => Canceled,
    };
}

/// <summary>What an experiment is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExperimentKind>))]
public enum ExperimentKind
{
    /// <summary>A sweep: its runs come from a method.</summary>
    Sweep,

    /// <summary>An experiment whose runs a person holds in their own hands.</summary>
    Experiment,
}

/// <summary>A sweep, or an experiment whose runs are held by hand, as the store knows it.</summary>
public sealed record SweepRecord
{
    /// <summary>The sweep's id: a timestamp and a short random part.</summary>
    public required string Id { get; init; }

    /// <summary>What it is.</summary>
    public ExperimentKind Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The project it belongs to.</summary>
    public required string Project { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>Its state.</summary>
    public required SweepState State { get; init; }

    /// <summary>The name of its method; <c>manual</c> where runs are held by hand.</summary>
    public required string Method { get; init; }

    /// <summary>The metric it optimizes; its name is empty for an experiment that has none.</summary>
    public required Metric Metric { get; init; }

    /// <summary>A hash of what makes its results: trainable, space, method, metric and seeds; of an experiment its name and configuration.</summary>
    public required string Identity { get; init; }

    /// <summary>Its whole definition, as a sweep file in JSON; of an experiment its configuration.</summary>
    public required string Definition { get; init; }

    /// <summary>The sweep file it came from, as a full path; <see langword="null"/>: from code.</summary>
    public string? File { get; init; }

    /// <summary>The folder in which its commands start, a full path; <see langword="null"/>: not known.</summary>
    internal string? Folder { get; init; }

    /// <summary>A hash of the sweep file as it was read; <see langword="null"/>: there was none, or it is not known.</summary>
    internal string? FileHash { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Named values kept with it.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Attributes { get; init; } = new Dictionary<string, ParameterValue>();

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was first executed.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it last ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended, in one sentence.</summary>
    public string? EndReason { get; init; }

    /// <summary>How long it was executed, in seconds, over all resumptions.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary>When <see cref="ElapsedSeconds"/> was true; it is recorded about once a second while runs end.</summary>
    internal DateTimeOffset? ElapsedAt { get; init; }

    /// <summary>A sweep of higher priority takes free workers first. Default: 0.</summary>
    public int Priority { get; init; }

    /// <summary>Whether a hosted scheduler takes it up again when it starts.</summary>
    public bool IsHosted { get; init; }

    /// <summary>The lag with which a reproducible sweep decides; <see langword="null"/> for one that is not.</summary>
    public int? ReproducibleLag => SweepFileWriter.LagOf(Definition);

    /// <summary>
    /// Why the results of a reproducible sweep need not be those of another execution; <see langword="null"/>: they are. The first cause counts.
    /// </summary>
    public string? ReproducibilityLost { get; init; }

    /// <summary>Of a reproducible sweep: the run from which on results decide whether it goes on.</summary>
    internal long DecidedFrom { get; init; }

    /// <summary>How many runs there will be in all; <see langword="null"/>: not known.</summary>
    public long? PlannedRuns { get; init; }

    /// <summary>Its runs by state.</summary>
    public RunCounts Counts { get; init; } = new();

    /// <summary>The best completed run.</summary>
    public RunRecord? Best { get; init; }

    /// <summary>How long it has been executed at a moment, in seconds: what is recorded, and what went by since if it is being executed.</summary>
    internal double ElapsedSecondsAt(DateTimeOffset now) => State is SweepState.Running or SweepState.Paused && ElapsedAt is { } at
        ? ElapsedSeconds + Math.Max(0, (now - at).TotalSeconds)
        : ElapsedSeconds;
}
