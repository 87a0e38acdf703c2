namespace Orchestrator.Configuration;

/// <summary>Writes a definition as a sweep file.</summary>
internal static class SweepFileWriter
{
    /// <summary>The sweep file in JSON that reads back as the same definition. What has its default value is left out.</summary>
    public static string ToJson(SweepDefinition definition) => ReadableJson.Write(SweepDocument.Of(definition).ToValue());
}
