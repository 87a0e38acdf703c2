using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Tracking;

/// <summary>
/// The one form of a line in <c>run.log</c>: <c>2026-11-21T10:00:00.123Z INF Category: message</c>, an exception on the lines that follow.
/// </summary>
internal static class RunLogLine
{
    public static string Format(DateTimeOffset time, LogLevel level, string? category, string message, string? details = null)
    {
        var from = category is null ? "" : category + ": ";
        return $"{Timestamps.Utc(time)} {Short(level)} {from}{message}{(details is null ? "" : "\n" + details)}";
    }

    /// <summary>The failure of an attempt, with its stack and inner exceptions.</summary>
    public static string Failure(RunFailure failure, int attempt, DateTimeOffset time)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{Timestamps.Utc(time)} ERR Attempt {attempt} failed ({failure.Kind}): {failure.Headline}")
            + (failure.StackTrace is null ? "" : "\n" + failure.StackTrace)
            + string.Concat(failure.Inner.Select(i => $"\n ---> {i.Type}: {i.Message}{(i.StackTrace is null ? "" : "\n" + i.StackTrace)}"));
    }

    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Trace => "VRB",
        LogLevel.Debug => "DBG",
        LogLevel.Information => "INF",
        LogLevel.Warning => "WRN",
        LogLevel.Error => "ERR",
        _ => "FTL",
    };
}
