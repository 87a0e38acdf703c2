using System.Globalization;
using System.Text;
using Orchestrator.Configuration;
using Orchestrator.Storage;
using Orchestrator.Tracking;

namespace Orchestrator.Exporting;

/// <summary>CSV as RFC 4180 has it, read by pandas as it is: what a run does not have is empty, numbers are <c>nan</c> and <c>inf</c> where they must.</summary>
internal sealed class CsvExport(Stream output, ExportColumns columns, ExportContent content) : IExportFormat
{
    private readonly StreamWriter _writer = new(output, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" };
    private bool _inLine;

    public void Begin()
    {
        string[] names = content == ExportContent.Metrics
            ? ["run_id", "run_name", "metric", "step", "value", "time"]
            : content == ExportContent.Assignments ?
            [
                "assignment", "runs", "failed", "pruned", "objective_mean", "objective_std",
                .. columns.Parameters.Select(p => "param_" + p),
                .. columns.Metrics.SelectMany(m => (string[])[$"metric_{m}_mean", $"metric_{m}_std"]),
            ]
            :
            [
                "run_id", "run_name", "state", "objective", "sweep", "number", "replicate", "seed", "attempts", "worker", "device",
                "created_at", "started_at", "ended_at", "duration_seconds", "project",
                .. columns.Parameters.Select(p => "param_" + p),
                .. columns.Metrics.Select(m => "metric_" + m),
                .. columns.Tags.Select(t => "tag_" + t),
                .. columns.Attributes.Select(a => "attribute_" + a),
                "failure_kind", "failure_type", "failure_message", "failure_fingerprint",
            ];
        foreach (var name in names)
            Text(name);
        EndLine();
    }

    public void Write(RunRecord run)
    {
        Text(run.Id);
        Text(run.Name);
        Text(Words.Of(run.State));
        Number(run.Objective);
        Text(run.Sweep);
        Integer(run.Number);
        Integer(run.Replicate);
        Integer(run.Seed);
        Integer(run.Attempts);
        Text(run.Worker);
        Text(run.Device);
        Time(run.CreatedAt);
        Time(run.StartedAt);
        Time(run.EndedAt);
        Number(run.DurationSeconds);
        Text(run.Project);
        foreach (var name in columns.Parameters)
            Value(run.Parameters.TryGetValue(name, out var value) ? value : default);
        foreach (var name in columns.Metrics)
            Number(run.Metrics.TryGetValue(name, out var value) ? value : null);
        foreach (var tag in columns.Tags)
            Text(run.Tags.Contains(tag, StringComparer.Ordinal) ? "true" : "false");
        foreach (var name in columns.Attributes)
            Value(run.Attributes.TryGetValue(name, out var value) ? value : default);
        Text(run.Failure is { } failure ? Words.Of(failure.Kind) : null);
        Text(run.Failure?.Type);
        Text(run.Failure?.Message);
        Text(run.Failure?.Fingerprint);
        EndLine();
    }

    public void Write(RunRecord run, MetricPoint point)
    {
        Text(run.Id);
        Text(run.Name);
        Text(point.Metric);
        Integer(point.Step);
        Number(point.Value);
        Time(point.At);
        EndLine();
    }

    public void Write(AssignmentSummary assignment)
    {
        Integer(assignment.Proposal);
        Integer(assignment.Runs);
        Integer(assignment.Failed);
        Integer(assignment.Pruned);
        Number(assignment.Mean);
        Number(assignment.StandardDeviation);
        foreach (var name in columns.Parameters)
            Value(assignment.Parameters.TryGetValue(name, out var value) ? value : default);
        foreach (var name in columns.Metrics)
        {
            Number(assignment.Metrics.TryGetValue(name, out var mean) ? mean : null);
            Number(assignment.Deviations.GetValueOrDefault(name));
        }

        EndLine();
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private void Value(in ParameterValue value)
    {
        if (value.IsNumber && value.Kind == ParameterKind.Float)
            Number(value.AsDouble());
        else
            Text(value.Kind == ParameterKind.Null ? null : value.ToString());
    }

    private void Number(double? value) => Text(value is { } number ? CsvText.Number(number) : null);

    private void Integer(long value) => Text(value.ToString(CultureInfo.InvariantCulture));

    private void Time(DateTimeOffset? time) => Text(time is { } moment ? Timestamps.Precise(moment) : null);

    private void Text(string? field)
    {
        if (_inLine)
            _writer.Write(',');
        _inLine = true;
        if (field is not null)
            _writer.Write(CsvText.Field(field));
    }

    private void EndLine()
    {
        _writer.WriteLine();
        _inLine = false;
    }
}
