using Orchestrator.Expressions;
using Normal = MathNet.Numerics.Distributions.Normal;

namespace Orchestrator.SearchSpaces;

/// <summary>A normal law, or one whose logarithm is normal; drawn by inverting its distribution function.</summary>
internal sealed class NormalDomain(double mean, double standardDeviation, bool log) : Domain
{
    /// <summary>Keeps 0 and 1, which quasi-random points may be, 6.4 standard deviations from the mean instead of at infinity.</summary>
    private const double Edge = 1e-10;

    public override long? Size => null;

    internal override ValueTypes Types => ValueTypes.Number;

    public override ParameterValue FromUnit(double u)
    {
        var x = Normal.InvCDF(mean, standardDeviation, Math.Clamp(u, Edge, 1 - Edge));
        return log ? Math.Clamp(Math.Exp(x), double.Epsilon, double.MaxValue) : Math.Clamp(x, double.MinValue, double.MaxValue);
    }

    public override bool TryNormalize(ParameterValue value, out ParameterValue normalized)
    {
        normalized = value.IsNumber ? value.AsDouble() : default;
        return value.IsNumber && double.IsFinite(value.AsDouble()) && (!log || value.AsDouble() > 0);
    }
}
