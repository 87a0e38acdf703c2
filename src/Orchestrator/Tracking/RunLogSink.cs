using System.Globalization;
using Orchestrator.Execution;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Display;

namespace Orchestrator.Tracking;

/// <summary>
/// Routes every event that is logged in a run's flow, whoever logs it, to that run's log. Outside of a run it does nothing.
/// </summary>
internal sealed class RunLogSink : ILogEventSink
{
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    [ThreadStatic]
    private static int t_events;

    /// <summary>How many events the current thread has brought here. A caller that sees no change knows that its event took another way.</summary>
    internal static int EventsOfThread => t_events;

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        unchecked
        {
            t_events++;
        }

        if (AmbientRun.Current is { } run)
            run.Log.Write(Format(logEvent));
    }

    internal static string Format(LogEvent logEvent)
    {
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, message);
        var context = logEvent.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) as ScalarValue;
        return RunLogLine.Format(
            logEvent.Timestamp,
            LevelConvert.ToExtensionsLevel(logEvent.Level),
            context?.Value as string,
            message.ToString(),
            logEvent.Exception?.ToString());
    }
}
