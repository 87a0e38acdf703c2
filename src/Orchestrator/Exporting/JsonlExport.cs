using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestrator.Storage;

namespace Orchestrator.Exporting;

/// <summary>One JSON object a line: a run as <c>runs --json</c> has it, one reported value, or an assignment.</summary>
internal sealed class JsonlExport(Stream output) : IExportFormat
{
    private const int FlushAt = 32 * 1024;

    private readonly System.Buffers.ArrayBufferWriter<byte> _lines = new(2 * FlushAt);
    private readonly Utf8JsonWriter _writer = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void Begin()
    {
    }

    public void Write(RunRecord run)
    {
        _writer.Reset(_lines);
        RunJson.Write(_writer, run);
        EndLine();
    }

    public void Write(RunRecord run, MetricPoint point)
    {
        _writer.Reset(_lines);
        _writer.WriteStartObject();
        _writer.WriteString("run", run.Id);
        _writer.WriteString("name", run.Name);
        _writer.WriteString("metric", point.Metric);
        _writer.WriteNumber("step", point.Step);
        _writer.Number("value", point.Value);
        _writer.Moment("time", point.At);
        _writer.WriteEndObject();
        EndLine();
    }

    public void Write(AssignmentSummary assignment)
    {
        _writer.Reset(_lines);
        AssignmentJson.Write(_writer, assignment);
        EndLine();
    }

    public async ValueTask DisposeAsync()
    {
        WriteLines();
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private void EndLine()
    {
        _writer.Flush();
        _lines.GetSpan(1)[0] = (byte)'\n';
        _lines.Advance(1);
        if (_lines.WrittenCount > FlushAt)
            WriteLines();
    }

    private void WriteLines()
    {
        output.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }
}
