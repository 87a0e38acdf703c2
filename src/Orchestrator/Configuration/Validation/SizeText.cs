using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Configuration;

/// <summary>Amounts of memory as text: a number and a unit, binary (<c>8GiB</c>) or decimal (<c>2GB</c>).</summary>
internal static partial class SizeText
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("TB", 1_000_000_000_000), ("GiB", 1L << 30), ("GB", 1_000_000_000),
        ("MiB", 1L << 20), ("MB", 1_000_000), ("KiB", 1L << 10), ("KB", 1_000), ("B", 1),
    ];

    /// <summary>The bytes, rounded; <see langword="null"/>: it is no such text. More than fits is <see cref="long.MaxValue"/>.</summary>
    public static long? Parse(string text)
    {
        if (text.Length > 40 || Pattern().Match(text) is not { Success: true } match)
            return null;
        var number = decimal.TryParse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : decimal.MaxValue;
        var unit = Units.First(u => u.Unit.Equals(match.Groups["unit"].Value, StringComparison.OrdinalIgnoreCase)).Bytes;
        return number > long.MaxValue / (decimal)unit ? long.MaxValue : (long)Math.Round(number * unit);
    }

    /// <summary>Writes an amount so that <see cref="Parse"/> gives the same again.</summary>
    public static string Write(long bytes)
    {
        var (unit, size) = Units.First(u => bytes % u.Bytes == 0 && (bytes != 0 || u.Bytes == 1));
        return (bytes / size).ToString(CultureInfo.InvariantCulture) + unit;
    }

    [GeneratedRegex(@"^\s*(?<number>[0-9]+(\.[0-9]+)?)\s*(?<unit>([KMGT]i?)?B)\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
