namespace Orchestrator.Sampling;

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
