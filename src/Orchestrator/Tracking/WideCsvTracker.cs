using System.Globalization;
using System.Text;

namespace Orchestrator.Tracking;

/// <summary>
/// Writes one line for each step and a column for each metric. A line is written when the next step begins (or a metric of the
/// same step is reported again). A metric first seen later gets a column at the end: the file is written anew, whole, for that.
/// </summary>
internal sealed class WideCsvTracker(TrackerContext context, string fileName) : FileTracker(context, fileName)
{
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly StringBuilder _header = new("step,time");
    private readonly List<double?> _row = [];
    private int _headerBytes;
    private int _written;
    private bool _open;
    private int _values;
    private long _step;
    private DateTimeOffset _at;

    protected override int Held => _values;

    protected override void Start(RunInfo run)
    {
        var header = $"{_header}\n";
        File.Put(header);
        _headerBytes = Encoding.UTF8.GetByteCount(header);
    }

    protected override void Report(ReadOnlySpan<MetricPoint> points)
    {
        foreach (ref readonly var point in points)
        {
            var column = Column(point.Metric);
            if (_open && (point.Step != _step || _row[column] is not null))
                WriteRow();
            if (!_open)
                (_open, _step, _at) = (true, point.Step, point.At);
            _row[column] = point.Value;
            _values++;
        }
    }

    protected override void End(RunEnd end)
    {
        if (_open)
            WriteRow();
    }

    private int Column(string metric)
    {
        if (_columns.TryGetValue(metric, out var column))
            return column;
        column = _columns.Count;
        _columns.Add(metric, column);
        _row.Add(null);
        _header.Append(',').Append(CsvText.Field(metric));
        return column;
    }

    private void WriteRow()
    {
        if (_written < _columns.Count)
        {
            var header = $"{_header}\n";
            File.Rewrite(header, _headerBytes, _columns.Count - _written);
            _headerBytes = Encoding.UTF8.GetByteCount(header);
            _written = _columns.Count;
        }

        var (line, values) = (new StringBuilder(), Held);
        line.Append(CultureInfo.InvariantCulture, $"{_step},{Timestamps.Precise(_at)}");
        for (var i = 0; i < _row.Count; i++)
        {
            line.Append(',');
            if (_row[i] is { } value)
                line.Append(CsvText.Number(value));
            _row[i] = null;
        }

        File.Put(line.Append('\n').ToString());
        (_open, _values) = (false, 0);
        File.Checkpoint(values);
    }
}
