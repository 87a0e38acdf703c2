using System.Text.Json;
using Orchestrator.Cli.Rendering;
using Orchestrator.Exporting;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Json;

/// <summary>A sweep in JSON. Scripts rely on these names: add, never change.</summary>
internal static class SweepJson
{
    public static void Write(Utf8JsonWriter writer, SweepRecord sweep)
    {
        writer.WriteStartObject();
        Members(writer, sweep);
        writer.WriteEndObject();
    }

    /// <summary>With what only the verbs that execute a sweep, or look at one, add.</summary>
    public static void Write(Utf8JsonWriter writer, SweepRecord sweep, IReadOnlyList<AssignmentSummary> best)
    {
        writer.WriteStartObject();
        Members(writer, sweep);
        writer.WriteString("endReason", sweep.EndReason);
        Assignments(writer, best);
        writer.WriteEndObject();
    }

    public static void Assignments(Utf8JsonWriter writer, IReadOnlyList<AssignmentSummary> best)
    {
        writer.WriteStartArray("bestAssignments");
        foreach (var assignment in best)
            AssignmentJson.Write(writer, assignment);
        writer.WriteEndArray();
    }

    public static void Metric(Utf8JsonWriter writer, Metric metric)
    {
        writer.WriteStartObject("metric");
        writer.WriteString("name", metric.Name);
        writer.WriteString("goal", Human.Word(metric.Goal));
        if (metric.Target is { } target)
            writer.Number("target", target);
        writer.WriteEndObject();
    }

    private static void Members(Utf8JsonWriter writer, SweepRecord sweep)
    {
        writer.WriteString("id", sweep.Id);
        writer.WriteString("name", sweep.Name);
        writer.WriteString("project", sweep.Project);
        writer.WriteString("state", Human.Word(sweep.State));
        writer.WriteString("method", sweep.Method);
        if (sweep.Metric.Name.Length > 0)
            Metric(writer, sweep.Metric);
        else
            writer.WriteNull("metric");
        writer.WriteStartObject("counts");
        foreach (var state in Enum.GetValues<RunState>())
            writer.WriteNumber(Human.Word(state), sweep.Counts[state]);
        writer.WriteNumber("total", sweep.Counts.Total);
        writer.WriteEndObject();
        RunJson.Write(writer, "best", sweep.Best);
        writer.Number("elapsedSeconds", sweep.ElapsedSeconds);
        writer.WriteString("file", sweep.File);
        writer.WriteString("kind", Human.Word(sweep.Kind));
        writer.WriteString("identity", sweep.Identity);
        RunJson.Labels(writer, sweep.Tags, sweep.Attributes);
        if (sweep.ReproducibleLag is not { } lag)
        {
            writer.WriteNull("reproducible");
            return;
        }

        writer.WriteStartObject("reproducible");
        writer.WriteNumber("lag", lag);
        writer.WriteString("lost", sweep.ReproducibilityLost);
        writer.WriteEndObject();
    }
}
