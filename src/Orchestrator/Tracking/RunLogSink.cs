using System.Globalization;
using Orchestrator.Execution;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace Orchestrator.Tracking;

/// <summary>
/// Routes every event that is logged in a run's flow, whoever logs it, to that run's log. Outside of a run it does nothing.
/// </summary>
internal sealed class RunLogSink : ILogEventSink
{
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        if (AmbientRun.Current is { } run)
            run.Log.Write(Format(logEvent));
    }

    /// <summary><c>2026-11-21T10:00:00.123Z INF Category: message</c>, the exception on the lines that follow.</summary>
    internal static string Format(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.Write(Timestamps.Utc(logEvent.Timestamp));
        text.Write(' ');
        text.Write(Short(logEvent.Level));
        text.Write(' ');
        if (logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var context) && context is ScalarValue { Value: string category })
        {
            text.Write(category);
            text.Write(": ");
        }

        Message.Format(logEvent, text);
        if (logEvent.Exception is { } exception)
        {
            text.Write('\n');
            text.Write(exception.ToString());
        }

        return text.ToString();
    }

    private static string Short(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "VRB",
        LogEventLevel.Debug => "DBG",
        LogEventLevel.Information => "INF",
        LogEventLevel.Warning => "WRN",
        LogEventLevel.Error => "ERR",
        _ => "FTL",
    };
}
