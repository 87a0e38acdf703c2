namespace Orchestrator.Sampling;

/// <summary>A number of points.</summary>
/// <param name="Value">The number, or an upper bound of it.</param>
/// <param name="IsExact">Whether <paramref name="Value"/> is the number itself.</param>
public readonly record struct PointCount(UInt128 Value, bool IsExact)
{
    /// <summary>The number with thousands separated, <c>at most</c> before a bound.</summary>
    public override string ToString() =>
        (IsExact ? "" : "at most ") + Value.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}
