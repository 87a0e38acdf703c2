namespace Orchestrator.SearchSpaces;

/// <summary><c>min + i * step</c>, all alike, or in a log range by their width in the logarithm.</summary>
internal sealed class SteppedFloatDomain : EvenFloatDomain
{
    /// <summary>The share of a step by which max may fall short of the last value.</summary>
    private const double Noise = 1e-9;

    private readonly double _min;
    private readonly double _max;
    private readonly double _step;
    private readonly decimal? _exactMin;
    private readonly decimal _exactStep;

    private readonly LogSteps? _log;

    public SteppedFloatDomain(double min, double max, double step, bool log = false)
        : base(SizeOf(min, max, step))
    {
        if (log)
            _log = new LogSteps(min, step, Count);
        (_min, _max, _step) = (min, max, step);
        if (IsDecimal(min) && IsDecimal(step) && IsDecimal(max))
            (_exactMin, _exactStep) = (ToDecimal(min), ToDecimal(step));
    }

    public override ParameterValue FromUnit(double u) => _log is { } log ? Get(Math.Clamp(log.IndexOf(u), 0, Count - 1)) : base.FromUnit(u);

    internal override ParameterValue Draw(Numerics.SeededRandom random) => _log is null ? base.Draw(random) : FromUnit(random.NextDouble());

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
