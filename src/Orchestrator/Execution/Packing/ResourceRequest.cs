namespace Orchestrator.Execution.Packing;

/// <summary>What one run occupies while it is executed, in whole numbers and decimal fractions: sums of binary fractions would drift.</summary>
/// <param name="Devices">How many devices of its pool.</param>
/// <param name="Units">How much of each of them, in parts of <see cref="WholeDevice"/>.</param>
/// <param name="Cpus">Processors that are counted; 0: none is waited for.</param>
/// <param name="Memory">Memory in bytes.</param>
/// <param name="IsAlone">Whether nothing else may run meanwhile in its pool, nor in one that shares processors or memory with it.</param>
internal readonly record struct ResourceRequest(int Devices, int Units, decimal Cpus, long Memory, bool IsAlone = false)
{
    /// <summary>A device in parts. Every number up to 16 divides it, so that n runs of 1/n fill a device and leave nothing.</summary>
    public const int WholeDevice = 720_720_000;

    /// <summary>The parts of a fraction. Rounded down: what a person may add up to 1 fits on one device.</summary>
    /// <param name="fraction">Above 0, at most 1.</param>
    public static int UnitsOf(double fraction) => Math.Clamp((int)(fraction * WholeDevice), 1, WholeDevice);
}

/// <summary>Where a request went.</summary>
/// <param name="Devices">The pool's devices by index, a bit for each.</param>
/// <param name="Generation">When, as the pool counts; see <see cref="ResourcePool.Generation"/>.</param>
internal readonly record struct Placement(ulong Devices, long Generation);
