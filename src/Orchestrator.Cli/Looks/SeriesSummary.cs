using System.Text.Json;
using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Looks;

/// <summary>What the values of one metric of one run come to.</summary>
internal sealed class SeriesSummary
{
    public long Count { get; private set; }

    public double Least { get; private set; } = double.NaN;

    public double Most { get; private set; } = double.NaN;

    public double Last { get; private set; } = double.NaN;

    public long LastStep { get; private set; }

    public Sparkline Line { get; } = new();

    /// <summary>The summaries by metric, in the order of their first values. Reads the series once, in bounded memory.</summary>
    public static async Task<IReadOnlyList<KeyValuePair<string, SeriesSummary>>> ReadAsync(IAsyncEnumerable<MetricPoint> points)
    {
        var found = new OrderedDictionary<string, SeriesSummary>(StringComparer.Ordinal);
        await foreach (var point in points)
        {
            if (!found.TryGetValue(point.Metric, out var summary))
                found.Add(point.Metric, summary = new SeriesSummary());
            summary.Add(point);
        }

        return [.. found];
    }

    public static void WriteJson(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, SeriesSummary>> series)
    {
        writer.WriteStartObject("series");
        foreach (var (name, summary) in series)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("count", summary.Count);
            writer.Number("last", summary.Last);
            writer.WriteNumber("lastStep", summary.LastStep);
            writer.Number("minimum", double.IsNaN(summary.Least) ? null : summary.Least);
            writer.Number("maximum", double.IsNaN(summary.Most) ? null : summary.Most);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void Add(in MetricPoint point)
    {
        Count++;
        (Last, LastStep) = (point.Value, point.Step);
        if (double.IsNaN(Least) || point.Value < Least)
            Least = point.Value;
        if (double.IsNaN(Most) || point.Value > Most)
            Most = point.Value;
        Line.Add(point.Value);
    }
}
