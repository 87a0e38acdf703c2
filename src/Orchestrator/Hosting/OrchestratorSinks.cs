using System.Globalization;
using Orchestrator.Tracking;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.SystemConsole.Themes;

namespace Orchestrator.Hosting;

/// <summary>Orchestrator's sinks, by these names also in the section <c>Serilog</c> of appsettings.json.</summary>
public static class OrchestratorSinks
{
    private const string DefaultTemplate = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";

    /// <summary>
    /// Writes to standard error: events from a level on, and those of the tracker <c>console</c> from <c>Information</c> on, so that
    /// a sweep is quiet unless its file asks for that tracker.
    /// </summary>
    /// <param name="sinks">Where the sink is added.</param>
    /// <param name="restrictedToMinimumLevel">The least level of events that are not the tracker's.</param>
    /// <param name="outputTemplate">How a line looks, in Serilog's notation.</param>
    public static LoggerConfiguration StandardError(
        this LoggerSinkConfiguration sinks,
        LogEventLevel restrictedToMinimumLevel = LogEventLevel.Warning,
        string outputTemplate = DefaultTemplate)
    {
        // Colours are decided by standard error alone; the sink itself would also look at standard output, which is often piped.
        var plain = Console.IsErrorRedirected
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);
        return sinks.Conditional(
            logEvent => logEvent.Level >= restrictedToMinimumLevel || (logEvent.Level >= LogEventLevel.Information && IsConsoleTracker(logEvent)),
            terminal => terminal.Console(
                outputTemplate: outputTemplate,
                formatProvider: CultureInfo.InvariantCulture,
                standardErrorFromLevel: LogEventLevel.Verbose,
                theme: plain ? ConsoleTheme.None : AnsiConsoleTheme.Literate,
                applyThemeToRedirectedOutput: !plain));
    }

    /// <summary>
    /// Writes every event that is logged in a run's flow to that run's <c>run.log</c>. For programs that build their Serilog logger
    /// themselves; <see cref="OrchestratorLogging"/> adds it.
    /// </summary>
    public static LoggerConfiguration RunLog(this LoggerSinkConfiguration sinks, LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum) =>
        sinks.Sink(new RunLogSink(), restrictedToMinimumLevel);

    private static bool IsConsoleTracker(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var context)
        && context is ScalarValue { Value: ConsoleTracker.Category };
}
