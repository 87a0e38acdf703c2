using Orchestrator.Numerics;

namespace Orchestrator.Torch.Runs;

/// <summary>Seeds of parts of a run, each a function of the run's seed and what it is for: no order in which they are asked for matters.</summary>
internal static class TorchSeed
{
    private const long Epochs = 0x65706F63;
    private const long Orders = 0x6F726465;

    /// <summary>Of something with a name.</summary>
    public static long OfName(long seed, string name)
    {
        var hash = 14695981039346656037UL; // FNV-1a
        foreach (var c in name)
            hash = (hash ^ c) * 1099511628211UL;
        return Of(seed, unchecked((long)hash));
    }

    /// <summary>Of the draws within an epoch.</summary>
    public static long OfEpoch(long seed, long epoch) => Of(Of(seed, Epochs), epoch);

    /// <summary>Of the order of the examples in an epoch.</summary>
    public static long OfOrder(long seed, long epoch) => Of(Of(seed, Orders), epoch);

    private static long Of(long seed, long stream) => (long)(new SeededRandom(seed, stream).NextUInt64() >> 1);
}
