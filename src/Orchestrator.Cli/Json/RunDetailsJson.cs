using System.Text.Json;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Json;

/// <summary>What is kept with a run beside its record, in JSON. Scripts rely on these names: add, never change.</summary>
internal static class RunDetailsJson
{
    public static void Write(Utf8JsonWriter writer, RunDetails details)
    {
        writer.WriteStartObject("aggregates");
        foreach (var (name, metric) in details.Metrics)
        {
            writer.WriteStartObject(name);
            writer.Number("avg", metric.Average);
            writer.Number("sum", metric.Sum);
            writer.Number("min", metric.Min);
            writer.Number("max", metric.Max);
            writer.WriteNumber("count", metric.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartArray("tasks");
        foreach (var task in details.Tasks)
        {
            writer.WriteStartObject();
            writer.WriteString("name", task.Name);
            writer.Moment("startedAt", task.StartedAt);
            writer.Moment("endedAt", task.EndedAt);
            writer.Number("durationSeconds", (task.EndedAt - task.StartedAt)?.TotalSeconds);
            RunJson.Failure(writer, task.Failure);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("artifacts");
        foreach (var artifact in details.Artifacts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", artifact.Name);
            writer.WriteString("path", artifact.Path);
            writer.WriteNumber("bytes", artifact.Bytes);
            writer.WriteString("sha256", artifact.Sha256);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WritePropertyName("environment");
        if (details.Environment is { } environment)
            writer.WriteRawValue(environment);
        else
            writer.WriteNullValue();
    }
}
