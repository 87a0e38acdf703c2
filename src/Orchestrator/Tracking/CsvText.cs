using System.Buffers;
using System.Globalization;

namespace Orchestrator.Tracking;

/// <summary>CSV as RFC 4180 has it, numbers as Python and pandas read them.</summary>
internal static class CsvText
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>Quoted where it must be: separators, quotes, line ends, spaces at the ends.</summary>
    public static string Field(string text)
    {
        var quote = text.AsSpan().ContainsAny(Special) || (text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])));
        return quote ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>The shortest text that reads back the same; <c>nan</c>, <c>inf</c>, <c>-inf</c>.</summary>
    public static string Number(double value) => value switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
