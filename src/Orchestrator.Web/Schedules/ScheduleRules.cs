using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;

namespace Orchestrator.Web.Schedules;

/// <summary>What a schedule may say.</summary>
internal static class ScheduleRules
{
    private const int LongestName = 64;

    /// <summary>Whether a text may be a schedule's name: it becomes a file's name and a job's id.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>The nearest text that may be a name.</summary>
    public static string NameFrom(string text)
    {
        var name = new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')]).TrimStart('-', '_', '.');
        return name.Length == 0 ? "sweep" : name[..Math.Min(name.Length, LongestName)];
    }

    /// <summary>Everything that is wrong with a schedule.</summary>
    public static IEnumerable<string> Problems(Schedule schedule)
    {
        var options = schedule.Options;
        if (!IsName(schedule.Name))
            yield return $"a name has at most {LongestName} letters, digits, '-', '_' and '.', and begins with a letter or a digit.";
        if (options.File.Length == 0)
            yield return "'File' names no sweep file.";
        if (options.Cron.Length == 0)
            yield return "'Cron' says no time, such as '0 2 * * *' for two o'clock each night.";
        else if (CronProblem(options.Cron) is { } cron)
            yield return $"'{options.Cron}' is no time: {cron} Expected are minute, hour, day, month and day of the week, as in '0 2 * * *'; a sixth field in front is for seconds.";
        if (options.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            yield return $"there is no time zone '{zone}'; names are those of the IANA database, such as 'Europe/Berlin' or 'UTC'.";
        if (options.Workers is < 1)
            yield return "'Workers' is at least 1.";
    }

    /// <summary>The time zone that is meant.</summary>
    public static TimeZoneInfo ZoneOf(ScheduleOptions options)
    {
        if (options.TimeZone is { } named)
            return TimeZoneInfo.FindSystemTimeZoneById(named);
        // Hangfire keeps the name and looks the zone up by it; this machine's own may have none that can be found.
        return TimeZoneInfo.TryFindSystemTimeZoneById(TimeZoneInfo.Local.Id, out var local) ? local : TimeZoneInfo.Utc;
    }

    /// <summary>Hangfire's own parser decides, which it does not offer by itself.</summary>
    private static string? CronProblem(string cron)
    {
        using var scratch = new InMemoryStorage();
        try
        {
            new RecurringJobManager(scratch).AddOrUpdate("any", Job.FromExpression(() => GC.Collect()), cron, new RecurringJobOptions());
            return null;
        }
        catch (ArgumentException cause)
        {
            return (cause.InnerException ?? cause).Message;
        }
    }
}
