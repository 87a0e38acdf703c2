using System.Diagnostics;
using System.Globalization;
using System.Text.Unicode;

namespace Orchestrator.Tracking;

/// <summary>
/// Writes one line for each value: <c>step,metric,value,time</c>. What pandas calls long: nothing is lost, whatever is reported when.
/// </summary>
internal sealed class CsvTracker(TrackerContext context, string fileName) : FileTracker(context, fileName)
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    protected override void Start(RunInfo run) => File.Put("step,metric,value,time\n");

    protected override void Report(ReadOnlySpan<MetricPoint> points)
    {
        foreach (ref readonly var point in points)
        {
            if (!_fields.TryGetValue(point.Metric, out var name))
                _fields[point.Metric] = name = CsvText.Field(point.Metric);
            PutLine(point, name);
            File.Checkpoint(1);
        }
    }

    protected override void End(RunEnd end)
    {
    }

    /// <summary>Formats straight into the buffer: this is the only work done for each value.</summary>
    private void PutLine(in MetricPoint point, string name)
    {
        var space = File.Lines.GetSpan(128 + (3 * name.Length));
        int length;
        var fits = double.IsFinite(point.Value)
            ? Utf8.TryWrite(space, CultureInfo.InvariantCulture,
                $"{point.Step},{name},{point.Value:R},{point.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}\n", out length)
            : Utf8.TryWrite(space, CultureInfo.InvariantCulture,
                $"{point.Step},{name},{CsvText.Number(point.Value)},{Timestamps.Precise(point.At)}\n", out length);
        Debug.Assert(fits, "a line is at most its name and 80 bytes");
        File.Lines.Advance(length);
    }
}

/// <summary>Makes the tracker <c>csv</c>.</summary>
internal sealed class CsvTrackerFactory : ITrackerFactory
{
    private static readonly string[] Formats = ["long", "wide"];

    public TrackerInfo Info { get; } = new("csv", new Dictionary<string, TrackerOption>
    {
        ["file"] = new(ParameterKind.Text,
            "The file's name in the run's folder. Default: metrics.csv; attempt 2 writes metrics.attempt-2.csv."),
        ["format"] = new(
            ParameterKind.Text,
            "'long' has a line for each value (step,metric,value,time), "
            + "'wide' a line for each step and a column for each metric. Default: long.")
        {
            Choices = Formats,
        },
        ["flush"] = new(ParameterKind.Boolean,
            "Whether lines are written out whenever no value waits, so that the file can be followed. Default: true."),
    });

    public ITracker Create(TrackerContext context)
    {
        var file = TrackerFile.NameIn(context, "metrics.csv");
        return context.Text("format", "long") == "wide" ? new WideCsvTracker(context, file) : new CsvTracker(context, file);
    }
}
