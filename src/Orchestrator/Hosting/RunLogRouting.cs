using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using Orchestrator.Tracking;

namespace Orchestrator.Hosting;

/// <summary>
/// Brings what is logged in a run's flow to that run's log, also where the host has replaced the logger factory by one that passes nothing
/// on to providers, as Serilog's <c>UseSerilog()</c> does.
/// </summary>
/// <param name="inner">The host's logger.</param>
/// <param name="category">Its category.</param>
internal sealed class RunLogRouting(ILogger inner, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel) || (IsForRunLog(logLevel) && AmbientRun.Current is not null);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var before = RunLogSink.EventsOfThread;
        inner.Log(logLevel, eventId, state, exception, formatter);
        if (RunLogSink.EventsOfThread == before && IsForRunLog(logLevel) && AmbientRun.Current is { } run)
            run.Log.Write(RunLogLine.Format(run.Now, logLevel, category, formatter(state, exception), exception?.ToString()));
    }

    // The levels of a host that sets none. One that sets its own for the provider has the events of that provider, too.
    private static bool IsForRunLog(LogLevel level) => level is >= LogLevel.Information and < LogLevel.None;
}

/// <summary>The logger that services are given: the host's, with <see cref="RunLogRouting"/> around it.</summary>
internal sealed class RunLogRouting<T>(ILoggerFactory factory) : ILogger<T>
{
    private readonly RunLogRouting _logger = new(new Logger<T>(factory), (typeof(T).FullName ?? typeof(T).Name).Replace('+', '.'));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => _logger.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _logger.Log(logLevel, eventId, state, exception, formatter);
}
