using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestrator.Configuration;

/// <summary>Writes a definition as a sweep file.</summary>
public static class SweepFileWriter
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The sweep file in JSON that reads back as the same definition. What has its default value is left out.</summary>
    public static string ToJson(SweepDefinition definition) => ToJson(SweepDocument.Of(definition).ToValue(), Readable);

    internal static string ToJson(ParameterValue value, JsonWriterOptions options = default)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options))
            value.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
