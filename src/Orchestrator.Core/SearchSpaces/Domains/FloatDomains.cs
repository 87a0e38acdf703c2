using System.Globalization;
using Orchestrator.Expressions;

namespace Orchestrator.SearchSpaces;

/// <summary>All floats in [min, max], uniform or uniform in the logarithm.</summary>
internal sealed class FloatDomain(double min, double max, bool log) : Domain
{
    private readonly double _logMin = log ? Math.Log(min) : 0;
    private readonly double _logMax = log ? Math.Log(max) : 0;

    public override long? Size => null;

    internal override ValueTypes Types => ValueTypes.Number;

    public override ParameterValue FromUnit(double u)
    {
        if (u is 0 or 1)
            return u == 0 ? min : max; // exp(log(min)) is not quite min

        // Both ends are weighed, never subtracted: max - min may be infinite.
        var value = log ? Math.Exp((_logMin * (1 - u)) + (_logMax * u)) : (min * (1 - u)) + (max * u);
        return Math.Clamp(value, min, max);
    }

    public override bool TryNormalize(ParameterValue value, out ParameterValue normalized)
    {
        normalized = value.IsNumber ? value.AsDouble() : default;
        return value.IsNumber && value.AsDouble() >= min && value.AsDouble() <= max;
    }
}

/// <summary>
/// Floats in even steps, each computed from its index and rounded so that what a person would write comes out: 0.1 + 2 * 0.1 is 0.3.
/// </summary>
internal abstract class EvenFloatDomain(long size) : DiscreteDomain(size)
{
    /// <summary>Values differ by at least this much, relative to their distance, before they count as different.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>Rounding costs more than a look-up: short lists are computed once.</summary>
    private const int MostCached = 4096;

    private double[]? _cache;

    internal sealed override ValueTypes Types => ValueTypes.Number;

    internal sealed override long IndexOf(ParameterValue value)
    {
        if (!value.IsNumber || double.IsNaN(value.AsDouble()))
            return -1;
        var wanted = value.AsDouble();
        var guess = Position(wanted);
        if (!double.IsFinite(guess) || guess < -1 || guess > Count)
            return -1;
        var index = Math.Clamp((long)Math.Round(guess), 0, Count - 1);
        var found = Get(index).AsDouble();
        return found == wanted || (Math.Abs(guess - index) <= Tolerance && Count > 1) ? index : -1;
    }

    protected sealed override ParameterValue Get(long index)
    {
        if (Count > MostCached)
            return Compute(index);
        if (_cache is not { } cache)
        {
            // Two threads may both compute it; they compute the same.
            cache = new double[Count];
            for (var i = 0; i < cache.Length; i++)
                cache[i] = Compute(i);
            _cache = cache;
        }

        return cache[index];
    }

    /// <summary>The value of an index.</summary>
    protected abstract double Compute(long index);

    /// <summary>Where on the scale of indices a value lies.</summary>
    protected abstract double Position(double value);

    /// <summary>The double nearest to the value with this many significant digits.</summary>
    protected static double Round(double value, string format) =>
        double.Parse(value.ToString(format, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Whether a double can be computed with as a decimal: then sums are exact as written.</summary>
    protected static bool IsDecimal(double value) => value == 0 || Math.Abs(value) is >= 1e-10 and < 1e12;

    /// <summary>The decimal that the shortest spelling of a double means (the cast keeps 15 digits only).</summary>
    protected static decimal ToDecimal(double value) =>
        decimal.Parse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
}

/// <summary><c>min + i * step</c>.</summary>
internal sealed class SteppedFloatDomain : EvenFloatDomain
{
    /// <summary>The share of a step by which max may fall short of the last value.</summary>
    private const double Noise = 1e-9;

    private readonly double _min;
    private readonly double _max;
    private readonly double _step;
    private readonly decimal? _exactMin;
    private readonly decimal _exactStep;

    public SteppedFloatDomain(double min, double max, double step)
        : base(SizeOf(min, max, step))
    {
        (_min, _max, _step) = (min, max, step);
        if (IsDecimal(min) && IsDecimal(step) && IsDecimal(max))
            (_exactMin, _exactStep) = (ToDecimal(min), ToDecimal(step));
    }

    /// <summary>The number of values: the last is the largest that is not above max, noise in the last digits forgiven.</summary>
    private static long SizeOf(double min, double max, double step)
    {
        if (IsDecimal(min) && IsDecimal(step) && IsDecimal(max))
            return (long)decimal.Floor(((ToDecimal(max) - ToDecimal(min)) / ToDecimal(step)) + (decimal)Noise) + 1;

        // What rounding may have done to the quotients, and no more: a share of them would add values to a long range.
        var rounding = 4e-16 * ((Math.Abs(max) / step) + (Math.Abs(min) / step));
        return (long)Math.Floor((max / step) - (min / step) + rounding + Noise) + 1;
    }

    protected override double Position(double value) => (value - _min) / _step;

    protected override double Compute(long index) => _exactMin is { } exactMin
        ? (double)(exactMin + (index * _exactStep)) + 0.0 // a decimal may be -0
        : Math.Min(_min + (index * _step), _max);
}

/// <summary>A number of points from min to max, even or even in the logarithm; both ends are exact.</summary>
internal sealed class FloatPointsDomain : EvenFloatDomain
{
    private readonly double _min;
    private readonly double _max;
    private readonly bool _log;
    private readonly decimal? _exactMin;
    private readonly decimal _exactWidth;

    public FloatPointsDomain(double min, double max, bool log, long size)
        : base(size)
    {
        (_min, _max, _log) = (min, max, log);
        if (!log && IsDecimal(min) && IsDecimal(max))
            (_exactMin, _exactWidth) = (ToDecimal(min), ToDecimal(max) - ToDecimal(min));
    }

    protected override double Position(double value) => Count == 1
        ? (value == _min ? 0 : -2)
        : (_log ? Math.Log(value / _min) / Math.Log(_max / _min) : (value - _min) / (_max - _min)) * (Count - 1);

    protected override double Compute(long index)
    {
        if (index == 0)
            return _min;
        if (index == Count - 1)
            return _max;
        var share = index / (double)(Count - 1);

        // 14 digits: exp and log are off by a few units in the 16th, and 1e-4 should read 0.0001, not 0.00009999999999999991.
        if (_log)
            return Math.Clamp(Round(Math.Exp((Math.Log(_min) * (1 - share)) + (Math.Log(_max) * share)), "E13"), _min, _max);
        if (_exactMin is { } exactMin)
            return (double)(exactMin + (index * _exactWidth / (Count - 1))) + 0.0; // a decimal may be -0
        return Math.Clamp((_min * (1 - share)) + (_max * share), _min, _max);
    }
}
