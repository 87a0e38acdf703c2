using System.Text.Json;
using Orchestrator.Web.Schedules;

namespace Orchestrator.Cli.Scheduling;

/// <summary>A schedule in JSON.</summary>
internal static class ScheduleJson
{
    public static void Write(Utf8JsonWriter writer, Schedule schedule)
    {
        var options = schedule.Options;
        writer.WriteStartObject();
        writer.WriteString("name", schedule.Name);
        writer.WriteString("file", options.File);
        writer.WriteString("cron", options.Cron);
        writer.WriteString("timeZone", ScheduleRules.ZoneOf(options).Id);
        writer.WriteStartArray("set");
        foreach (var set in options.Set)
            writer.WriteStringValue(set);
        writer.WriteEndArray();
        writer.WriteNumber("priority", options.Priority);
        if (options.Workers is { } workers)
            writer.WriteNumber("workers", workers);
        else
            writer.WriteNull("workers");
        writer.WriteBoolean("configured", schedule.IsConfigured);
        writer.WriteEndObject();
    }
}
