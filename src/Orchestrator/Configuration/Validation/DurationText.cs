using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Configuration;

/// <summary>Lengths of time as text: numbers with the units <c>d h m s ms</c>, the largest first, such as <c>1h30m</c>.</summary>
internal static partial class DurationText
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>The longest duration there is: ten years. Beyond it nobody waits, and timers overflow.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(3650);

    /// <summary>Reads a duration from a scalar: text, or a number of seconds. <see langword="null"/>: it is none.</summary>
    public static TimeSpan? Read(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Integer or ParameterKind.Float => FromSeconds(value.AsDouble()),
        ParameterKind.Text => Parse(value.AsText()),
        _ => null,
    };

    /// <summary>Writes a duration so that <see cref="Read"/> gives the same again, to the tick.</summary>
    public static string Write(TimeSpan value)
    {
        if (value < TimeSpan.Zero)
            return value.ToString("c", CultureInfo.InvariantCulture); // no duration of a sweep file: read back as an error
        var text = new StringBuilder();
        var left = value.Ticks;
        foreach (var (unit, ticks) in Units)
        {
            if (unit == "ms" && left > 0)
                text.Append(((decimal)left / ticks).ToString(CultureInfo.InvariantCulture)).Append(unit);
            else if (left >= ticks)
                text.Append(left / ticks).Append(unit);
            left %= ticks;
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static TimeSpan? Parse(string text)
    {
        if (text.Length > 80 || Pattern().Match(text) is not { Success: true } match)
            return null;
        var total = 0m;
        foreach (var (unit, ticks) in Units)
        {
            if (match.Groups[unit] is not { Success: true } group)
                continue;
            if (!decimal.TryParse(group.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return TimeSpan.MaxValue; // more digits than a decimal has
            total += Math.Min(number, 1e12m) * ticks;
        }

        return total > TimeSpan.MaxValue.Ticks ? TimeSpan.MaxValue : new TimeSpan((long)Math.Round(total));
    }

    private static TimeSpan? FromSeconds(double seconds) =>
        double.IsNaN(seconds) ? null
        : seconds >= TimeSpan.MaxValue.TotalSeconds ? TimeSpan.MaxValue
        : seconds <= TimeSpan.MinValue.TotalSeconds ? TimeSpan.MinValue
        : TimeSpan.FromSeconds(seconds);

    [GeneratedRegex(
        @"^(?=.*[0-9])\s*(?:(?<d>[0-9]+(?:\.[0-9]+)?)d\s*)?(?:(?<h>[0-9]+(?:\.[0-9]+)?)h\s*)?(?:(?<m>[0-9]+(?:\.[0-9]+)?)m\s*)?(?:(?<s>[0-9]+(?:\.[0-9]+)?)s\s*)?(?:(?<ms>[0-9]+(?:\.[0-9]+)?)ms\s*)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
