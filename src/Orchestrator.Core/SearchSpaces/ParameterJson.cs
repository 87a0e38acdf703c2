using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestrator;

/// <summary>JSON of <see cref="ParameterValue"/>; integers and floats keep their kind through a round trip.</summary>
internal static class ParameterJson
{
    /// <summary>Texts as they are, not escaped for web pages: what is written is read by people, too.</summary>
    public static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToJson(ParameterValue value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Relaxed))
            Write(writer, value);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static void Write(Utf8JsonWriter writer, ParameterValue value)
    {
        switch (value.Kind)
        {
            case ParameterKind.Null: writer.WriteNullValue(); break;
            case ParameterKind.Boolean: writer.WriteBooleanValue(value.AsBoolean()); break;
            case ParameterKind.Integer: writer.WriteNumberValue(value.AsInt64()); break;
            case ParameterKind.Float: WriteFloat(writer, value.AsDouble()); break;
            case ParameterKind.Text: writer.WriteStringValue(value.AsText()); break;
            case ParameterKind.List:
                writer.WriteStartArray();
                foreach (var item in value.Items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject();
                foreach (var (name, item) in value.Entries)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item);
                }
                writer.WriteEndObject();
                break;
        }
    }

    public static ParameterValue Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => ParameterValue.Null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number when IsWrittenAsInteger(element) && element.TryGetInt64(out var integer) => integer,
        JsonValueKind.Number when IsWrittenAsInteger(element) => element.GetRawText(), // a double would only be near it
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.Array => ParameterValue.FromList(element.EnumerateArray().Select(Read)),
        _ => ParameterValue.FromMap(element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Read(p.Value)))),
    };

    private static bool IsWrittenAsInteger(JsonElement element) => element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    private static void WriteFloat(Utf8JsonWriter writer, double value)
    {
        if (!double.IsFinite(value))
        {
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture)); // JSON has no NaN: text says more than null
            return;
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (text.AsSpan().IndexOfAny('.', 'E') < 0)
            text += ".0";
        writer.WriteRawValue(text, skipInputValidation: true);
    }
}
