using Orchestrator.Expressions;
using Orchestrator.Numerics;

namespace Orchestrator.SearchSpaces;

/// <summary>
/// The integers <c>min, min + step, ...</c>. With <paramref name="log"/> each integer i has the share of [i - 1/2, i + 1/2] in the
/// logarithm, so that 1 is as likely as its width there says (as in Optuna).
/// </summary>
internal sealed class IntegerDomain(long min, long size, long step, bool log) : DiscreteDomain(size)
{
    private readonly double _logLow = log ? Math.Log(min - 0.5) : 0;
    private readonly double _logHigh = log ? Math.Log((double)min + size - 0.5) : 0;

    internal override ValueTypes Types => ValueTypes.Number;

    public override ParameterValue FromUnit(double u) =>
        log ? Math.Clamp((long)Math.Round(Math.Exp(_logLow + (u * (_logHigh - _logLow)))), min, min + Count - 1) : base.FromUnit(u);

    internal override ParameterValue Draw(SeededRandom random) => log ? FromUnit(random.NextDouble()) : base.Draw(random);

    internal override long IndexOf(ParameterValue value)
    {
        if (!WholeNumber.TryGet(value, out var whole))
            return -1;
        var distance = (Int128)whole - min;
        return distance >= 0 && distance % step == 0 && distance / step < Count ? (long)(distance / step) : -1;
    }

    protected override ParameterValue Get(long index) => min + (index * step);
}

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

internal static class WholeNumber
{
    /// <summary>The integer a value is, if it is one, be it written as a float.</summary>
    public static bool TryGet(ParameterValue value, out long whole)
    {
        whole = 0;
        if (value.Kind == ParameterKind.Float
            && (Math.Truncate(value.AsDouble()) != value.AsDouble() || Math.Abs(value.AsDouble()) > 9.2e18))
        {
            return false;
        }

        if (!value.IsNumber)
            return false;
        whole = value.AsInt64();
        return true;
    }
}
