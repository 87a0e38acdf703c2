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
