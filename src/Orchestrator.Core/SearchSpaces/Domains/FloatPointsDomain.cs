namespace Orchestrator.SearchSpaces;

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
