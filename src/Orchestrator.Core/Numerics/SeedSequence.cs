namespace Orchestrator.Numerics;

/// <summary>The seeds of a sweep's replicates.</summary>
internal static class SeedSequence
{
    private const uint Mask = 0x7FFFFFFF;

    /// <summary>
    /// The seed of replicate <paramref name="replicate"/> (0-based): a function of (sweep seed, replicate), the same for every
    /// assignment, in [0, 2^31) so that every library takes it, and distinct for distinct replicates of one sweep.
    /// </summary>
    public static long ForReplicate(long sweepSeed, int replicate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replicate);
        var x = unchecked((uint)new SeededRandom(sweepSeed, 0x5EED).NextUInt64() + (uint)replicate) & Mask;
        for (var round = 0; round < 3; round++)
        {
            // Each step is a bijection of 31 bits: that is what keeps the seeds distinct.
            x ^= x >> 15;
            x = unchecked(x * 0x2C1B3C6D) & Mask;
            x ^= x >> 12;
            x = unchecked(x * 0x297A2D39) & Mask;
        }

        return x ^ (x >> 15);
    }
}
