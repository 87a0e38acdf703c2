namespace Orchestrator.Expressions;

/// <summary>Between which two numbers a value lies, whatever the parameters are. Both may be infinite, neither is NaN.</summary>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>How far apart two values must be, relative to their size, to be told apart: bounds are rounded.</summary>
    private const double Rounding = 1e-9;

    /// <summary>The interval; none where a bound is not a number.</summary>
    public static Interval? Of(double low, double high) => double.IsNaN(low) || double.IsNaN(high) ? null : new Interval(low, high);

    public static Interval? operator +(Interval a, Interval b) => Of(a.Low + b.Low, a.High + b.High);

    public static Interval? operator -(Interval a, Interval b) => Of(a.Low - b.High, a.High - b.Low);

    public static Interval? operator *(Interval a, Interval b) => Around([a.Low * b.Low, a.Low * b.High, a.High * b.Low, a.High * b.High]);

    /// <summary>None where the divisor may be 0.</summary>
    public static Interval? operator /(Interval a, Interval b) =>
        b.Low <= 0 && b.High >= 0 ? null : Around([a.Low / b.Low, a.Low / b.High, a.High / b.Low, a.High / b.High]);

    /// <summary>Whether every value of this one is less than every value of the other, beyond rounding.</summary>
    public bool IsBelow(Interval other) => High < other.Low && other.Low - High > Rounding * Math.Max(Math.Abs(High), Math.Abs(other.Low));

    private static Interval? Around(ReadOnlySpan<double> corners)
    {
        var (low, high) = (corners[0], corners[0]);
        foreach (var corner in corners)
            (low, high) = (Math.Min(low, corner), Math.Max(high, corner)); // a NaN stays
        return Of(low, high);
    }
}
