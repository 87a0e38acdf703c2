using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Orchestrator.Configuration;

namespace Orchestrator.Tracking;

/// <summary>Says the start, the reports and the end of a run through the logging pipeline, under a category of its own.</summary>
internal sealed partial class ConsoleTracker(ILogger logger, LogLevel level) : ITracker
{
    /// <summary>The category: the console shows it from Information on, where of others it shows warnings only.</summary>
    public const string Category = "Orchestrator.Tracking.Console";

    private RunInfo? _run;

    public ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken)
    {
        _run = run;
        if (!logger.IsEnabled(LogLevel.Information))
            return default;
        var attempt = run.Attempt == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" (attempt {run.Attempt})");
        var parameters = run.Parameters.ToString();
        Started(logger, run.Name, run.Id, attempt, run.Device, parameters);
        return default;
    }

    public ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken)
    {
        if (!logger.IsEnabled(level))
            return default;
        var rest = points.Span;
        while (!rest.IsEmpty)
        {
            var count = ReportSpans.FirstStep(rest);
            var values = Values(rest[..count]);
            Reported(logger, level, _run!.Name, _run.Id, rest[0].Step, values);
            rest = rest[count..];
        }

        return default;
    }

    public ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken)
    {
        var run = _run!;
        if (!logger.IsEnabled(LogLevel.Information))
            return default;
        var state = Words.Of(end.State);
        var seconds = Math.Max(0, (end.EndedAt - run.StartedAt).TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture);
        var detail = end.Failure is { } failure ? $": {FirstLine(failure.Message)}"
            : end.Objective is { } objective ? $": {run.Metric?.Name}={Number(objective)}"
            : "";
        Ended(logger, run.Name, run.Id, state, seconds, detail);
        return default;
    }

    public ValueTask DisposeAsync() => default;

    private static string Values(ReadOnlySpan<MetricPoint> points)
    {
        var text = new StringBuilder();
        foreach (ref readonly var point in points)
        {
            if (text.Length > 0)
                text.Append(' ');
            text.Append(point.Metric).Append('=').Append(Number(point.Value));
        }

        return text.ToString();
    }

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;

    [LoggerMessage(1, LogLevel.Information, "{RunName} ({Run}) started{Attempt} on {Device}: {Parameters}")]
    private static partial void Started(ILogger logger, string runName, string run, string attempt, string device, string parameters);

    [LoggerMessage(EventId = 2, Message = "{RunName} ({Run}) step {Step}: {Values}")]
    private static partial void Reported(ILogger logger, LogLevel level, string runName, string run, long step, string values);

    [LoggerMessage(3, LogLevel.Information, "{RunName} ({Run}) {State} after {Seconds} s{Detail}")]
    private static partial void Ended(ILogger logger, string runName, string run, string state, string seconds, string detail);
}

/// <summary>Makes the tracker <c>console</c>.</summary>
internal sealed class ConsoleTrackerFactory(ILoggerFactory loggers) : ITrackerFactory
{
    private static readonly string[] Levels = ["trace", "debug", "information", "warning"];
    private readonly Lazy<ILogger> _logger = new(() => loggers.CreateLogger(ConsoleTracker.Category));

    public TrackerInfo Info { get; } = new("console", new Dictionary<string, TrackerOption>
    {
        ["level"] = new(
            ParameterKind.Text,
            "The level of the lines that show reported values: trace, debug, information or warning; "
            + "the console shows them from information on. Default: debug.")
        {
            Choices = Levels,
        },
    });

    public ITracker Create(TrackerContext context) =>
        new ConsoleTracker(_logger.Value, Enum.Parse<LogLevel>(context.Text("level", "debug"), ignoreCase: true));
}
