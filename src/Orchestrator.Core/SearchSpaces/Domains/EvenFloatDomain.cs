using System.Globalization;
using Orchestrator.Expressions;

namespace Orchestrator.SearchSpaces;

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
