using System.Text.Json;

namespace Orchestrator.Configuration;

/// <summary>Writes a definition as a sweep file.</summary>
internal static class SweepFileWriter
{
    /// <summary>The sweep file in JSON that reads back as the same definition. What has its default value is left out.</summary>
    public static string ToJson(SweepDefinition definition) => ReadableJson.Write(SweepDocument.Of(definition).ToValue());

    /// <summary>The lag of a written sweep file that is reproducible, without reading all of it.</summary>
    public static int? LagOf(string json)
    {
        if (!json.Contains("\"reproducible\"", StringComparison.Ordinal))
            return null;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("reproducible", out var key) && key.ValueKind == JsonValueKind.Object
            && key.TryGetProperty("lag", out var lag) && lag.TryGetInt32(out var value)
            ? value
            : null;
    }
}
