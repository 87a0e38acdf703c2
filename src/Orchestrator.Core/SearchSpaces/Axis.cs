using Orchestrator.Numerics;

namespace Orchestrator.SearchSpaces;

/// <summary>One direction of the space: a parameter, or several that are zipped and so walk in step.</summary>
/// <param name="Index">Its place among the axes: those it depends on come before it.</param>
/// <param name="Members">The places of its parameters.</param>
/// <param name="Size">The number of its points; <see langword="null"/>: continuous (then it has one member).</param>
/// <param name="Weights">How likely each point of a zip is; <see langword="null"/>: all alike, or by the one member's law.</param>
internal sealed record Axis(int Index, int[] Members, long? Size, CumulativeWeights? Weights)
{
    /// <summary>So that a set of members fits 64 bits.</summary>
    public const int MostMembers = 64;

    /// <summary>Whether several parameters walk in step.</summary>
    public bool IsZip => Members.Length > 1;

    /// <summary>Whether there is nothing to choose.</summary>
    public bool IsConstant => Size == 1;

    /// <summary>The point of a zip at a quantile.</summary>
    public long PointFromUnit(double u) => Weights?.IndexOf(u) ?? Domain.IndexFromUnit(u, Size!.Value);

    /// <summary>A point of a zip, drawn.</summary>
    public long DrawPoint(SeededRandom random) => Weights?.IndexOf(random.NextDouble()) ?? (long)random.NextUInt64((ulong)Size!.Value);
}
