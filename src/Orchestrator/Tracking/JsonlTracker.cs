using System.Text.Json;
using Orchestrator.Configuration;

namespace Orchestrator.Tracking;

/// <summary>
/// Writes one JSON object a line: <c>started</c>, a <c>report</c> for each step reported, <c>ended</c>. JSON has no NaN and no
/// infinity: they are the texts <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>, which every parser takes.
/// </summary>
internal sealed class JsonlTracker(TrackerContext context, string fileName) : FileTracker(context, fileName)
{
    private Utf8JsonWriter? _json;

    protected override void Start(RunInfo run)
    {
        var json = Begin("started", run.StartedAt);
        json.WriteString("run", run.Id);
        json.WriteString("name", run.Name);
        json.WriteString("sweep", run.SweepId);
        json.WriteString("sweepName", run.SweepName);
        json.WriteString("project", run.Project);
        json.WriteNumber("number", run.Number);
        json.WriteNumber("proposal", run.Proposal);
        json.WriteNumber("replicate", run.Replicate);
        json.WriteNumber("seed", run.Seed);
        json.WriteNumber("attempt", run.Attempt);
        json.WriteString("worker", run.Worker);
        json.WriteString("device", run.Device);
        if (run.Metric is { } metric)
        {
            json.WriteString("metric", metric.Name);
            json.WriteString("goal", Words.Of(metric.Goal));
        }

        json.WritePropertyName("parameters");
        run.Parameters.WriteTo(json);
        EndLine(json);
    }

    protected override void Report(ReadOnlySpan<MetricPoint> points)
    {
        while (!points.IsEmpty)
        {
            var count = ReportSpans.FirstStep(points);
            var json = Begin("report", points[0].At);
            json.WriteNumber("step", points[0].Step);
            json.WriteStartObject("metrics");
            foreach (ref readonly var point in points[..count])
            {
                json.WritePropertyName(point.Metric);
                WriteNumber(json, point.Value);
            }

            json.WriteEndObject();
            EndLine(json, count);
            points = points[count..];
        }
    }

    protected override void Note(RunNote note)
    {
        switch (note)
        {
            case AttributeNote attribute:
                var json = Begin("attribute", note.At);
                json.WriteString("name", attribute.Name);
                json.WritePropertyName("value");
                attribute.Value.WriteTo(json);
                EndLine(json);
                break;

            case TagNote tag:
                json = Begin("tag", note.At);
                json.WriteString("tag", tag.Tag);
                EndLine(json);
                break;

            case WarningNote warning:
                json = Begin("warning", note.At);
                json.WriteString("name", warning.Name);
                json.WriteString("reason", warning.Reason);
                EndLine(json);
                break;

            case ParameterNote parameter:
                json = Begin("parameter", note.At);
                json.WriteString("name", parameter.Name);
                json.WritePropertyName("value");
                parameter.Value.WriteTo(json);
                EndLine(json);
                break;

            case ArtifactNote artifact:
                json = Begin("artifact", note.At);
                json.WriteString("name", artifact.Name);
                json.WriteString("path", artifact.Path);
                json.WriteNumber("bytes", artifact.Bytes);
                json.WriteString("sha256", artifact.Sha256);
                EndLine(json);
                break;

            case TaskNote task:
                json = Begin(task.EndedAt is null ? "taskStarted" : "taskEnded", note.At);
                json.WriteString("name", task.Name);
                if (task.EndedAt is { } ended)
                {
                    json.WriteNumber("seconds", Math.Max(0, (ended - task.StartedAt).TotalSeconds));
                    json.WritePropertyName("failure");
                    WriteFailure(json, task.Failure);
                }

                EndLine(json);
                break;

            case CheckpointNote checkpoint:
                json = Begin("checkpoint", note.At);
                json.WriteNumber("step", checkpoint.Step);
                json.WriteString("path", checkpoint.Path);
                json.WriteNumber("bytes", checkpoint.Bytes);
                json.WriteString("sha256", checkpoint.Sha256);
                EndLine(json);
                break;

            case RestoredNote restored:
                json = Begin("restored", note.At);
                json.WriteNumber("step", restored.Step);
                json.WriteString("path", restored.Path);
                EndLine(json);
                break;
        }
    }

    protected override void End(RunEnd end)
    {
        var json = Begin("ended", end.EndedAt);
        json.WriteString("state", Words.Of(end.State));
        json.WritePropertyName("objective");
        if (end.Objective is { } objective)
            WriteNumber(json, objective);
        else
            json.WriteNullValue();
        json.WritePropertyName("failure");
        WriteFailure(json, end.Failure);
        EndLine(json);
    }

    private static void WriteFailure(Utf8JsonWriter json, RunFailure? failure)
    {
        if (failure is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("kind", Words.Of(failure.Kind));
        json.WriteString("type", failure.Type);
        json.WriteString("message", failure.Message);
        json.WriteString("stackTrace", failure.StackTrace);
        if (failure.ExitCode is { } exitCode)
            json.WriteNumber("exitCode", exitCode);
        if (failure.Signal is { } signal)
            json.WriteNumber("signal", signal);
        json.WriteString("fingerprint", failure.Fingerprint);
        json.WriteString("logTail", failure.LogTail);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, double value) => ((ParameterValue)value).WriteTo(json);

    private Utf8JsonWriter Begin(string kind, DateTimeOffset time)
    {
        _json ??= new Utf8JsonWriter(File.Lines, ParameterJson.Relaxed);
        _json.Reset(File.Lines);
        _json.WriteStartObject();
        _json.WriteString("event", kind);
        _json.WriteString("time", Timestamps.Precise(time));
        return _json;
    }

    private void EndLine(Utf8JsonWriter json, int points = 0)
    {
        json.WriteEndObject();
        json.Flush();
        File.Put("\n");
        File.Checkpoint(points);
    }
}

/// <summary>Makes the tracker <c>jsonl</c>.</summary>
internal sealed class JsonlTrackerFactory : ITrackerFactory
{
    public TrackerInfo Info { get; } = new("jsonl", new Dictionary<string, TrackerOption>
    {
        ["file"] = new(ParameterKind.Text,
            "The file's name in the run's folder. Default: events.jsonl; attempt 2 writes events.attempt-2.jsonl."),
        ["flush"] = new(ParameterKind.Boolean,
            "Whether lines are written out whenever no value waits, so that the file can be followed. Default: true."),
    });

    public ITracker Create(TrackerContext context) => new JsonlTracker(context, TrackerFile.NameIn(context, "events.jsonl"));
}
