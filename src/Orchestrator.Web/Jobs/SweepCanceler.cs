using Microsoft.Extensions.Logging;
using Orchestrator.Sweeps;

namespace Orchestrator.Web.Jobs;

/// <summary>Ends the sweep of a job that was deleted.</summary>
internal sealed partial class SweepCanceler(SweepScheduler scheduler, ILogger<SweepCanceler> logger)
{
    /// <summary>Why a sweep ended whose job was deleted, or queued anew, while it was executed.</summary>
    public const string Reason = "canceled on the dashboard";

    /// <summary>Ends the sweep wherever it stands; returns at once. A sweep that has ended is left as it is.</summary>
    public void Cancel(string sweep)
    {
        if (scheduler.IsStopping)
            return;
        if (scheduler.FindActive(sweep) is { } active)
            active.Control.Cancel(Reason);
        else if (scheduler.Withdraw(sweep, Reason) is null)
            _ = Task.Run(() => CancelIdleAsync(sweep));
    }

    /// <summary>Ends a sweep that was queued by an earlier life of the host, or that another process executes.</summary>
    public async Task CancelIdleAsync(string sweep)
    {
        try
        {
            if (await scheduler.FindAsync(sweep) is { } found && !SweepOutcomes.HasEnded(found))
                await scheduler.CancelAsync(sweep);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            LogFailed(logger, sweep, cause);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The job of sweep {Sweep} was deleted, but the sweep could not be canceled.")]
    private static partial void LogFailed(ILogger logger, string sweep, Exception cause);
}
