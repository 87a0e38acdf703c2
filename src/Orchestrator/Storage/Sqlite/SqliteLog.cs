using Microsoft.Extensions.Logging;

namespace Orchestrator.Storage.Sqlite;

/// <summary>What the store says to the log.</summary>
internal static partial class SqliteLog
{
    [LoggerMessage(1, LogLevel.Warning, "Another process has held the database {File} for {Seconds:0} s; writing waits for it.")]
    public static partial void Waiting(ILogger logger, string file, double seconds);

    /// <summary>For whoever looks into it: all who wait for the store get the sentence.</summary>
    [LoggerMessage(2, LogLevel.Debug, "The store has failed; nothing more is written.")]
    public static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(3, LogLevel.Error, "A callback of {Command} threw after its commit.")]
    public static partial void CallbackThrew(ILogger logger, Exception cause, string command);
}
