using Orchestrator.Execution;

namespace Orchestrator;

/// <summary>What is known of an attempt at a run from its beginning: identity, parameters, place.</summary>
public sealed record RunInfo
{
    /// <summary>The run's id: <c>SWEEP/000123</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The run's name.</summary>
    public required string Name { get; init; }

    /// <summary>The id of its sweep, or of its experiment if it is held by hand.</summary>
    public required string SweepId { get; init; }

    /// <summary>The name of its sweep or experiment.</summary>
    public required string SweepName { get; init; }

    /// <summary>The project.</summary>
    public required string Project { get; init; }

    /// <summary>Its number in the sweep, from 0.</summary>
    public required long Number { get; init; }

    /// <summary>The number of its assignment, from 0; replicates share it.</summary>
    public required long Proposal { get; init; }

    /// <summary>Which replicate of its assignment it is, from 0.</summary>
    public required int Replicate { get; init; }

    /// <summary>Its seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Which attempt this is, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Its parameters.</summary>
    public required ParameterSet Parameters { get; init; }

    /// <summary>The sweep's metric; <see langword="null"/> for a run that belongs to no sweep.</summary>
    public Metric? Metric { get; init; }

    /// <summary>The worker that executes it.</summary>
    public required string Worker { get; init; }

    /// <summary>The device it was given, <c>cpu</c> for one.</summary>
    public required string Device { get; init; }

    /// <summary>When the attempt began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The checkpoints of earlier attempts, newest first.</summary>
    public IReadOnlyList<CheckpointNote> Checkpoints { get; init; } = [];

    /// <summary>The attempt's span as W3C's <c>traceparent</c>; <see langword="null"/> where nobody listens.</summary>
    internal string? TraceParent { get; init; }

    /// <summary>What it may put on the disk.</summary>
    internal StorageCaps Caps { get; init; } = StorageCaps.None;

    /// <summary>Its folder.</summary>
    public required RunFolder Folder { get; init; }
}
