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
