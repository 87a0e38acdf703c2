using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Tracking;

/// <summary>
/// Says what trackers lost: a warning for each attempt, but no flood of them where a tracker fails in every run of a sweep; then
/// the total is said once, at the end.
/// </summary>
internal sealed partial class TrackingLosses(ILogger logger)
{
    private const int MostWarnings = 10;
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
        try
        {
            Lost?.Invoke(new TrackingLoss(pump.Run.Id, pump.Run.Attempt, pump.Tracker, points, reason));
        }
        catch (Exception cause)
        {
            TrackerException(logger, pump.Tracker, pump.Run.Id, cause);
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

    private sealed class Tally
    {
        public long Warnings;
        public long Runs;
        public long Points;
    }
}
