using System.Globalization;
using Orchestrator.Presentation;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>An axis from the least to the greatest value, with ticks at round numbers (1, 2 or 5 times a power of ten).</summary>
internal sealed class AxisScale
{
    private readonly double _from;
    private readonly double _to;
    private readonly double _step;

    private AxisScale(double from, double to, double step)
    {
        (_from, _to, _step) = (from, to, step);
        Ticks = [.. Enumerable.Range(0, 12).Select(i => (Math.Ceiling(from / step) + i) * step).TakeWhile(t => t <= to + (step * 1e-9) && double.IsFinite(t))];
    }

    public IReadOnlyList<double> Ticks { get; }

    /// <param name="least">The least value.</param>
    /// <param name="greatest">The greatest value.</param>
    /// <param name="ticks">About how many ticks there are to be.</param>
    public static AxisScale Of(double least, double greatest, int ticks)
    {
        // The range of doubles is larger than the largest double: halves do not overflow.
        var half = (greatest / 2) - (least / 2);
        if (half <= Math.Abs(greatest) * 1e-12)
        {
            var margin = greatest == 0 ? 1 : Math.Abs(greatest) * 0.1;
            (least, greatest, half) = (least - margin, greatest + margin, margin);
        }

        var rough = half / ticks * 2;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        return new(least, greatest, step);
    }

    /// <summary>Where a value stands, from 0 to 1.</summary>
    public double Place(double value) => Math.Clamp(((value / 2) - (_from / 2)) / ((_to / 2) - (_from / 2)), 0, 1);

    /// <summary>A tick with as many digits as tell it from its neighbours.</summary>
    public string Label(double tick)
    {
        var size = Math.Max(Math.Abs(_from), Math.Abs(_to));
        if (size is >= 1e5 or < 1e-3)
            return Math.Abs(tick) < _step / 2 ? "0" : tick.ToString("0.##e0", CultureInfo.InvariantCulture);
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(_step) - 1e-9), 0, 6);
        return Math.Abs(tick) < _step / 2 ? "0" : Human.Number(Math.Round(tick, decimals));
    }
}
