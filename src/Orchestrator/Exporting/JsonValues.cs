using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Exporting;

/// <summary>Values in JSON as every document of this program has them.</summary>
internal static class JsonValues
{
    /// <summary>A number; what JSON has no number for as text.</summary>
    public static void Number(this Utf8JsonWriter writer, string name, double? value)
    {
        if (value is not { } number)
            writer.WriteNull(name);
        else if (double.IsFinite(number))
            writer.WriteNumber(name, number);
        else
            writer.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>As <see cref="Number"/>, in an array.</summary>
    public static void NumberValue(this Utf8JsonWriter writer, double? value)
    {
        if (value is not { } number)
            writer.WriteNullValue();
        else if (double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A moment in UTC, or null.</summary>
    public static void Moment(this Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is { } moment)
            writer.WriteString(name, moment.UtcDateTime);
        else
            writer.WriteNull(name);
    }

    /// <summary>Named numbers as one object.</summary>
    public static void Numbers(this Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, double>> values)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
            writer.Number(key, value);
        writer.WriteEndObject();
    }
}
