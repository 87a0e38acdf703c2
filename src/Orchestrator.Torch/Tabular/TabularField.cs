using System.Globalization;

namespace Orchestrator.Torch.Tabular;

/// <summary>What a field of a table is.</summary>
internal static class TabularField
{
    /// <summary>How programs write that there is no value.</summary>
    private static readonly HashSet<string> Missing = ["", "?", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-NaN", "-nan", "null", "NULL", "None"];

    public static bool IsMissing(string field) => Missing.Contains(field);

    /// <summary>A finite number, written with a point and without separators of thousands.</summary>
    public static bool TryNumber(string field, out double number) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>The word for it, or a number beyond what a double holds.</summary>
    public static bool IsInfinite(string field) =>
        field.TrimStart('+', '-').Equals("inf", StringComparison.OrdinalIgnoreCase)
        || (double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsInfinity(number));

    /// <summary>A number once its commas are taken out: <c>12,5</c> or <c>1,234.5</c>.</summary>
    public static bool IsNumberWithCommas(string field) => field.Contains(',', StringComparison.Ordinal) && TryNumber(field.Replace(",", "", StringComparison.Ordinal), out _);
}
