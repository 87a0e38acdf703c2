using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchestrator.Telemetry;

namespace Orchestrator.Tracking;

/// <summary>
/// Says what trackers lost: a warning for each attempt, but no flood of them where a tracker fails in every run of a sweep; then
/// the total is said once, at the end.
/// </summary>
internal sealed partial class TrackingLosses(ILogger logger)
{
    private const int MostWarnings = 10;
    private const int LongestReason = 500;
    private readonly ConcurrentDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    public event Action<TrackingLoss>? Lost;

    /// <summary>A tracker threw. Said at once: the run may go on for hours.</summary>
    public void Failed(TrackerPump pump, string reason, Exception cause)
    {
        if (MayWarn(pump.Tracker))
            TrackerFailed(logger, pump.Tracker, pump.Run.Id, reason);
        TrackerException(logger, pump.Tracker, pump.Run.Id, cause);
    }

    /// <summary>A tracker is done with, or given up, and lost something.</summary>
    public void Record(TrackerPump pump, long points, string reason)
    {
        var tally = _tallies.GetOrAdd(pump.Tracker, static _ => new Tally());
        Interlocked.Increment(ref tally.Runs);
        Interlocked.Add(ref tally.Points, points);
        var failed = reason.StartsWith("failed in", StringComparison.Ordinal);
        if (!failed && MayWarn(pump.Tracker))
            TrackerLost(logger, pump.Tracker, pump.Run.Id, reason, points);
        Tell(pump.Run, pump.Tracker, points, reason, pump.Lost);
    }

    /// <summary>A sweep names a tracker that this process does not know.</summary>
    public void Unknown(string tracker, RunInfo run, Action<TrackingLoss>? keep)
    {
        if (MayWarn(tracker))
            UnknownTracker(logger, tracker, run.Id);
        Tell(run, tracker, 0, "is not known to the program that executed the run", keep);
    }

    private void Tell(RunInfo run, string tracker, long points, string reason, Action<TrackingLoss>? keep)
    {
        var loss = new TrackingLoss(
            run.Id, run.Attempt, tracker, points, reason.Length <= LongestReason ? reason : reason[..LongestReason] + "...");
        RunMeters.TrackerLost(tracker, points);
        try
        {
            keep?.Invoke(loss);
            Lost?.Invoke(loss);
        }
        catch (Exception cause)
        {
            TrackerException(logger, tracker, run.Id, cause);
        }
    }

    /// <summary>Says the totals since the last time.</summary>
    public void Summarize()
    {
        foreach (var (tracker, tally) in _tallies)
        {
            var runs = Interlocked.Exchange(ref tally.Runs, 0);
            var points = Interlocked.Exchange(ref tally.Points, 0);
            if (runs > 0)
                Total(logger, tracker, points, runs);
        }
    }

    private bool MayWarn(string tracker)
    {
        var tally = _tallies.GetOrAdd(tracker, static _ => new Tally());
        return Interlocked.Increment(ref tally.Warnings) <= MostWarnings;
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Tracker '{Tracker}' of run {Run} {Reason}. It is given nothing more of this run; the run goes on.")]
    private static partial void TrackerFailed(ILogger logger, string tracker, string run, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Tracker '{Tracker}' of run {Run} {Reason}: {Points} values lost.")]
    private static partial void TrackerLost(ILogger logger, string tracker, string run, string reason, long points);

    [LoggerMessage(3, LogLevel.Warning, "Tracker '{Tracker}' lost {Points} values of {Runs} run(s) in all; the store has them.")]
    private static partial void Total(ILogger logger, string tracker, long points, long runs);

    [LoggerMessage(4, LogLevel.Debug, "Tracker '{Tracker}' of run {Run}: the exception.")]
    private static partial void TrackerException(ILogger logger, string tracker, string run, Exception cause);

    [LoggerMessage(5, LogLevel.Warning, "There is no tracker '{Tracker}': run {Run} goes on without it.")]
    private static partial void UnknownTracker(ILogger logger, string tracker, string run);

    private sealed class Tally
    {
        public long Warnings;
        public long Runs;
        public long Points;
    }
}
