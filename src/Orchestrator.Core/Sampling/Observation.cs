namespace Orchestrator.Sampling;

/// <summary>How a proposal stands.</summary>
public enum ObservationState
{
    /// <summary>Being executed.</summary>
    Pending,

    /// <summary>All replicates completed.</summary>
    Completed,

    /// <summary>Ended by early stopping; the values are the last ones it reached.</summary>
    Pruned,

    /// <summary>A replicate failed.</summary>
    Failed,

    /// <summary>Withdrawn; it says nothing about its parameters.</summary>
    Canceled,
}

/// <summary>A proposal and how it stands.</summary>
/// <param name="Number">The number it was asked with.</param>
/// <param name="Parameters">Its assignment.</param>
/// <param name="State">How it stands.</param>
/// <param name="Values">The objectives (one a metric, in order), each the mean over the replicates; empty where there is none.</param>
public readonly record struct Observation(
    long Number, ParameterSet Parameters, ObservationState State, IReadOnlyList<double> Values);
