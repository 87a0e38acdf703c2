using Orchestrator.Expressions;

namespace Orchestrator.SearchSpaces;

/// <summary>Evenly spaced integers, both ends among them: exact, by integer arithmetic.</summary>
internal sealed class IntegerPointsDomain(long min, long max, long size) : DiscreteDomain(size)
{
    internal override ValueTypes Types => ValueTypes.Number;

    internal override long IndexOf(ParameterValue value)
    {
        if (!WholeNumber.TryGet(value, out var whole) || whole < min || whole > max)
            return -1;
        if (Count == 1)
            return 0;
        var guess = (long)((((Int128)whole - min) * (Count - 1)) / ((Int128)max - min));
        for (var i = Math.Max(0, guess - 1); i <= Math.Min(Count - 1, guess + 1); i++)
        {
            if (Get(i).AsInt64() == whole)
                return i;
        }

        return -1;
    }

    protected override ParameterValue Get(long index)
    {
        if (Count == 1)
            return min;
        var gaps = (Int128)Count - 1;
        return (long)(min + (((2 * index * ((Int128)max - min)) + gaps) / (2 * gaps))); // rounded half up
    }
}
