using Microsoft.Extensions.Logging;
using Orchestrator.Execution;

namespace Orchestrator.Tracking;

/// <summary>Writes to a run's log directly: what <see cref="RunContext.Logger"/> is where there is no host with a log of its own.</summary>
internal sealed class RunLogger(RunAttempt attempt) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        attempt.Log.Write(RunLogLine.Format(DateTimeOffset.UtcNow, logLevel, null, formatter(state, exception), exception?.ToString()));
    }
}
