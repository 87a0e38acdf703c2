using System.Text.Json;
using Orchestrator.Configuration;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Storage;

namespace Orchestrator.Exporting;

/// <summary>A run in JSON. Scripts rely on these names: add, never change.</summary>
internal static class RunJson
{
    public static void Write(Utf8JsonWriter writer, string name, RunRecord? run)
    {
        writer.WritePropertyName(name);
        if (run is null)
            writer.WriteNullValue();
        else
            Write(writer, run);
    }

    public static void Write(Utf8JsonWriter writer, RunRecord run)
    {
        writer.WriteStartObject();
        writer.WriteString("id", run.Id);
        writer.WriteString("name", run.Name);
        writer.WriteString("sweep", run.Sweep);
        writer.WriteNumber("number", run.Number);
        writer.WriteNumber("replicate", run.Replicate);
        writer.WriteNumber("seed", run.Seed);
        writer.WriteString("state", Words.Of(run.State));
        writer.WritePropertyName("parameters");
        run.Parameters.WriteTo(writer);
        writer.Numbers("metrics", run.Metrics);
        writer.Number("objective", run.Objective);
        writer.WriteNumber("attempts", run.Attempts);
        writer.WriteString("worker", run.Worker);
        writer.WriteString("device", run.Device);
        writer.Moment("createdAt", run.CreatedAt);
        writer.Moment("startedAt", run.StartedAt);
        writer.Moment("endedAt", run.EndedAt);
        writer.Number("durationSeconds", run.DurationSeconds);
        Labels(writer, run.Tags, run.Attributes);
        writer.WriteString("project", run.Project);
        writer.WriteString("directory", run.Directory);
        Failure(writer, run.Failure);
        Warnings(writer, run.Warnings);
        writer.WriteEndObject();
    }

    public static void Labels(Utf8JsonWriter writer, IReadOnlyList<string> tags, IReadOnlyDictionary<string, ParameterValue> attributes)
    {
        writer.WriteStartArray("tags");
        foreach (var tag in tags)
            writer.WriteStringValue(tag);
        writer.WriteEndArray();
        writer.WriteStartObject("attributes");
        foreach (var (key, value) in attributes)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void Warnings(Utf8JsonWriter writer, IReadOnlyList<WarningNote> warnings)
    {
        writer.WriteStartArray("warnings");
        foreach (var warning in warnings)
        {
            writer.WriteStartObject();
            writer.WriteString("name", warning.Name);
            writer.WriteString("reason", warning.Reason);
            writer.WriteString("message", warning.Sentence);
            writer.Moment("at", warning.At);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void Attempt(Utf8JsonWriter writer, AttemptRecord attempt)
    {
        writer.WriteStartObject();
        writer.WriteNumber("number", attempt.Number);
        writer.WriteString("state", Words.Of(attempt.State));
        writer.WriteString("worker", attempt.Worker);
        writer.WriteString("device", attempt.Device);
        writer.Moment("startedAt", attempt.StartedAt);
        writer.Moment("endedAt", attempt.EndedAt);
        writer.WritePropertyName("resumedFrom");
        if (attempt.ResumedFrom is { } step)
            writer.WriteNumberValue(step);
        else
            writer.WriteNullValue();
        Failure(writer, attempt.Failure);
        writer.WriteEndObject();
    }

    public static void TrackerLosses(Utf8JsonWriter writer, IReadOnlyList<TrackerLoss> losses)
    {
        writer.WriteStartArray("trackerLosses");
        foreach (var loss in losses)
        {
            writer.WriteStartObject();
            writer.WriteString("tracker", loss.Tracker);
            writer.WriteNumber("attempt", loss.Attempt);
            writer.WriteNumber("points", loss.Points);
            writer.WriteString("reason", loss.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void Checkpoints(Utf8JsonWriter writer, IReadOnlyList<StoredCheckpoint> checkpoints)
    {
        writer.WriteStartArray("checkpoints");
        foreach (var (note, taken) in checkpoints)
        {
            writer.WriteStartObject();
            writer.WriteNumber("step", note.Step);
            writer.WriteNumber("attempt", taken.Attempt);
            writer.WriteString("path", note.Path);
            writer.WriteNumber("bytes", note.Bytes);
            writer.WriteString("sha256", note.Sha256);
            writer.Moment("at", note.At);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void Failure(Utf8JsonWriter writer, RunFailure? failure)
    {
        if (failure is null)
        {
            writer.WriteNull("failure");
            return;
        }

        writer.WriteStartObject("failure");
        writer.WriteString("kind", Words.Of(failure.Kind));
        writer.WriteString("type", failure.Type);
        writer.WriteString("message", failure.Message);
        writer.WriteString("stackTrace", failure.StackTrace);
        Number(writer, "exitCode", failure.ExitCode);
        Number(writer, "signal", failure.Signal);
        writer.WriteString("fingerprint", failure.Fingerprint);
        writer.WriteString("logTail", failure.LogTail);
        writer.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
