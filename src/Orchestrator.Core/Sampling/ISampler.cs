namespace Orchestrator.Sampling;

/// <summary>
/// Proposes assignments and learns from their results, by ask and tell: usable alone, without a host, a store or a file.
/// </summary>
/// <remarks>
/// Threads: a sampler is called by one caller at a time; it needs no locks and must not block on anything but its own arithmetic.
/// Life: the caller asks for proposals 0, 1, 2, ... in order, each once, and tells every result once, in any order, when all
/// replicates of the proposal have ended. To restart, a fresh sampler is first told everything that is stored, in stored order:
/// each proposal as <see cref="ObservationState.Pending"/>, each result as it came; then asking goes on with the next number.
/// A sampler with <see cref="UsesHistory"/> false is told nothing and its proposal n is a function of (space, options, seed, n) alone.
/// </remarks>
public interface ISampler
{
    /// <summary>Whether proposals depend on what was told. False: tells may be left out, and a restart replays nothing.</summary>
    bool UsesHistory { get; }

    /// <summary>How many proposals there are in all; <see langword="null"/> for a sampler that never ends.</summary>
    PointCount? Count { get; }

    /// <summary>
    /// The proposal of the given number, or <see langword="null"/> when there is none left. A sampler with history counts it as
    /// pending from here on.
    /// </summary>
    /// <exception cref="SamplingException">Nothing can be proposed, for example because the constraints leave next to nothing.</exception>
    /// <exception cref="OperationCanceledException">The token of <paramref name="context"/> was canceled.</exception>
    ParameterSet? Ask(in AskContext context);

    /// <summary>Takes in a stored or finished proposal, also one that the sampler did not make (a warm start).</summary>
    void Tell(in Observation observation);
}

/// <summary>What a sampler is asked with.</summary>
/// <param name="Number">The number of the proposal, from 0, rising by 1.</param>
/// <param name="Random">A generator derived from (sweep seed, number): the only source of randomness of this proposal.</param>
/// <param name="CancellationToken">Ends a long search for an assignment that satisfies the constraints.</param>
public readonly record struct AskContext(long Number, Numerics.SeededRandom Random, CancellationToken CancellationToken = default)
{
    /// <summary>The context of a proposal of a sweep: its generator is a function of (seed, number).</summary>
    public static AskContext Create(long seed, long number, CancellationToken cancellationToken = default) =>
        new(number, new Numerics.SeededRandom(seed, number), cancellationToken);
}

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

/// <summary>A number of points.</summary>
/// <param name="Value">The number, or an upper bound of it.</param>
/// <param name="IsExact">Whether <paramref name="Value"/> is the number itself.</param>
public readonly record struct PointCount(UInt128 Value, bool IsExact)
{
    /// <summary>The number with thousands separated, <c>at most</c> before a bound.</summary>
    public override string ToString() =>
        (IsExact ? "" : "at most ") + Value.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A sampler cannot propose.</summary>
public sealed class SamplingException(string message) : Exception(message);
