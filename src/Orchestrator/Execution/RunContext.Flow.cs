using Microsoft.Extensions.Logging;

namespace Orchestrator;

public partial class RunContext
{
    private int _noticed;

    /// <summary>Warns, once, where the run is used in the flow of another: a captured context, most likely, whose values go to the wrong run.</summary>
    private void NoticeFlow()
    {
        if (Current is { } current && current._port != _port && Interlocked.Exchange(ref _noticed, 1) == 0)
            LogForeign(current.Logger, Id, current.Id);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The context of run {Other} is used in the flow of run {Run}: what is said to it belongs to {Other}. Use the RunContext that this run was given, or RunContext.Current; not one that was captured or kept.")]
    private static partial void LogForeign(ILogger logger, string other, string run);
}
