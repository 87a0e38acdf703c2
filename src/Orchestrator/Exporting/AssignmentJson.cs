using System.Text.Json;
using Orchestrator.Storage;

namespace Orchestrator.Exporting;

/// <summary>The runs of an assignment in JSON. Scripts rely on these names: add, never change.</summary>
internal static class AssignmentJson
{
    public static void Write(Utf8JsonWriter writer, AssignmentSummary assignment)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("parameters");
        assignment.Parameters.WriteTo(writer);
        writer.WriteNumber("runs", assignment.Runs);
        writer.Number("mean", assignment.Mean);
        writer.Number("standardDeviation", assignment.StandardDeviation);
        writer.WriteStartObject("metrics");
        foreach (var (name, mean) in assignment.Metrics)
        {
            writer.WriteStartObject(name);
            writer.Number("mean", mean);
            writer.Number("standardDeviation", assignment.Deviations.GetValueOrDefault(name));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteNumber("failed", assignment.Failed);
        writer.WriteNumber("pruned", assignment.Pruned);
        writer.WriteNumber("assignment", assignment.Proposal);
        writer.WriteEndObject();
    }
}
