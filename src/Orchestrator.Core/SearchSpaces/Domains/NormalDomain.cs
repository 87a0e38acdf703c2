using Orchestrator.Expressions;
using Normal = MathNet.Numerics.Distributions.Normal;

namespace Orchestrator.SearchSpaces;

/// <summary>
/// A normal law, or one whose logarithm is normal, cut off at its bounds and rounded to its steps; drawn by inverting its distribution
/// function.
/// </summary>
internal sealed class NormalDomain : Domain
{
    /// <summary>Keeps 0 and 1, which quasi-random points may be, 6.4 standard deviations from the mean instead of at infinity.</summary>
    private const double Edge = 1e-10;

    /// <summary>The share of a step by which a value may be off and still be one.</summary>
    private const double Tolerance = 1e-9;

    private readonly NormalLaw _law;
    private readonly double _low;
    private readonly double _high;
    private readonly double? _step;
    private readonly double _anchor;

    /// <summary>The law is turned round where its bounds lie above the mean: only near 0 can a double tell small shares apart.</summary>
    private readonly bool _mirrored;

    public NormalDomain(NormalLaw law)
    {
        _law = law;
        _step = law.Step ?? (law.IsInteger ? 1 : null);
        _anchor = law.Min is { } min ? (law.IsInteger ? Math.Ceiling(min) : min) : 0;
        var (least, most) = (law.Min is null ? double.NegativeInfinity : Scaled(law.Min.Value), law.Max is null ? double.PositiveInfinity : Scaled(law.Max.Value));
        _mirrored = least > 0;
        if (_mirrored)
            (least, most) = (-most, -least);
        (_low, _high) = (Normal.CDF(0, 1, least), Normal.CDF(0, 1, most));
        IsEmpty = (!(_high > _low) && law.Min != law.Max) || (_step is { } step && law is { Max: { } max, Min: not null } && Steps(max, step) < 0);
    }

    /// <summary>Whether there is nothing to draw.</summary>
    public bool IsEmpty { get; }

    public override long? Size => null;

    internal override ValueTypes Types => ValueTypes.Number;

    public override ParameterValue FromUnit(double u)
    {
        var share = (_low * (1 - u)) + (_high * u);
        var z = Normal.InvCDF(0, 1, Math.Clamp(share, Math.Max(_low, Edge * Math.Min(1, _high)), 1 - Edge));
        var x = _law.Mean + (_law.StandardDeviation * (_mirrored ? -z : z));
        if (_law.Log)
            x = Math.Clamp(Math.Exp(x), double.Epsilon, double.MaxValue);
        x = Math.Clamp(x, _law.Min ?? double.MinValue, _law.Max ?? double.MaxValue);
        return _step is { } step ? Rounded(x, step) : x;
    }

    public override bool TryNormalize(ParameterValue value, out ParameterValue normalized)
    {
        normalized = default;
        if (!value.IsNumber || value.AsDouble() is var number && (!double.IsFinite(number) || (_law.Log && number <= 0) || number < _law.Min || number > _law.Max))
            return false;
        number = value.AsDouble();
        if (_step is not { } step)
        {
            normalized = number;
            return true;
        }

        normalized = Rounded(number, step);
        return Math.Abs(normalized.AsDouble() - number) <= Tolerance * step;
    }

    private double Scaled(double bound) => ((_law.Log ? Math.Log(bound) : bound) - _law.Mean) / _law.StandardDeviation;

    /// <summary>The number of whole steps from the anchor to a bound, noise in the last digits forgiven.</summary>
    private double Steps(double bound, double step) => Math.Floor(((bound - _anchor) / step) + Tolerance);

    private ParameterValue Rounded(double x, double step)
    {
        var steps = Math.Round((x - _anchor) / step);
        if (_law.Min is not null)
            steps = Math.Max(steps, 0);
        if (_law.Max is { } max)
            steps = Math.Min(steps, Steps(max, step));
        var value = _anchor + (steps * step);
        return _law.IsInteger ? (ParameterValue)(long)Math.Clamp(value, long.MinValue / 2, long.MaxValue / 2) : Neat(value);
    }

    /// <summary>3 * 0.1 is 0.3 to a person: 15 digits are all that steps mean.</summary>
    private static double Neat(double value) => double.Parse(
        value.ToString("G15", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
