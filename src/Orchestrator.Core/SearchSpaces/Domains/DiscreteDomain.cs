using Orchestrator.Numerics;

namespace Orchestrator.SearchSpaces;

/// <summary>A domain of countably many values, all equally likely unless it says otherwise.</summary>
internal abstract class DiscreteDomain(long size) : Domain
{
    protected long Count { get; } = size;

    public sealed override long? Size => Count;

    public sealed override ParameterValue ValueAt(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return Get(index);
    }

    public override ParameterValue FromUnit(double u) => Get(IndexFromUnit(u, Count));

    public override bool TryNormalize(ParameterValue value, out ParameterValue normalized)
    {
        var index = IndexOf(value);
        normalized = index < 0 ? default : Get(index);
        return index >= 0;
    }

    internal override ParameterValue Draw(SeededRandom random) => Get((long)random.NextUInt64((ulong)Count));

    /// <summary>The value of an index that is known to be in range.</summary>
    protected abstract ParameterValue Get(long index);
}
