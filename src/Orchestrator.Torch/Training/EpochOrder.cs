using Orchestrator.Numerics;
using Orchestrator.Torch.Runs;

namespace Orchestrator.Torch;

/// <summary>The order of examples in an epoch: a new one for each epoch, the same whenever a run with this seed comes to it.</summary>
public static class EpochOrder
{
    /// <summary>The order.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="count">How many examples there are.</param>
    /// <returns>The numbers from 0 to <paramref name="count"/> - 1, shuffled (Fisher and Yates).</returns>
    public static long[] Of(long seed, long epoch, int count)
    {
        var random = new SeededRandom(TorchSeed.OfOrder(seed, epoch));
        var order = new long[count];
        for (var i = 0; i < count; i++)
        {
            var j = random.Next(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }
}
