using System.Text.Json;
using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Comparing;

/// <summary>A comparison in JSON: arrays by run, in the order in which the runs were named.</summary>
internal static class ComparisonJson
{
    public static void Write(Utf8JsonWriter writer, RunComparison comparison)
    {
        writer.WriteStartObject("comparison");
        Texts(writer, "runs", comparison.Runs.Select(r => r.Run.Id));
        Texts(writer, "states", comparison.Runs.Select(r => Human.Word(r.Run.State)));
        writer.WriteStartObject("parameters");
        foreach (var (name, values) in comparison.Parameters)
        {
            writer.WriteStartArray(name);
            foreach (var value in values)
                (value ?? default).WriteTo(writer);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        Numbers(writer, "durationSeconds", comparison.Duration);
        if (comparison.Objective is { } objective)
            Numbers(writer, "objective", objective);
        else
            writer.WriteNull("objective");
        writer.WriteStartObject("metrics");
        foreach (var metric in comparison.Metrics)
        {
            writer.WriteStartObject(metric.Name);
            Numbers(writer, "last", metric.Last);
            Numbers(writer, "minimum", metric.Minimum);
            Numbers(writer, "maximum", metric.Maximum);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter writer, string name, ComparedNumbers numbers)
    {
        writer.WriteStartObject(name);
        Values(writer, "values", numbers.Values);
        Values(writer, "differences", numbers.Differences);
        Values(writer, "relative", numbers.Relative);
        if (numbers.Better is { } better)
            writer.WriteNumber("better", better);
        else
            writer.WriteNull("better");
        writer.WriteEndObject();
    }

    private static void Values(Utf8JsonWriter writer, string name, IEnumerable<double?> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            JsonValues.NumberValue(writer, value);
        writer.WriteEndArray();
    }
}
