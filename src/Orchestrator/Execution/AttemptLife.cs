using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Telemetry;
using Orchestrator.Tracking;

namespace Orchestrator.Execution;

/// <summary>
/// The beginning and the end that every attempt has, whoever executes it: a sweep's worker, or a person who holds the run. What comes
/// between, and who is told of it, is theirs.
/// </summary>
internal sealed class AttemptLife(IRunTrackingFactory tracking, TimeProvider time, ILoggerFactory loggers)
{
    private long _lease = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    /// <summary>A fresh lease: who ends an attempt must show the one it was begun with.</summary>
    public long NewLease() => Interlocked.Increment(ref _lease);

    /// <summary>An attempt under its lease; its trackers begin.</summary>
    /// <param name="info">What it is.</param>
    /// <param name="key">Its run.</param>
    /// <param name="lease">Its lease.</param>
    /// <param name="store">Where it reports to.</param>
    /// <param name="trackers">Its trackers.</param>
    /// <param name="category">The name under which user code logs.</param>
    /// <param name="before">What earlier attempts reported, where it counts together with this one's.</param>
    /// <param name="ownTrackers">Those of the trackers that the host does not know.</param>
    public RunAttempt Begin(
        RunInfo info,
        RunKey key,
        long lease,
        ISweepStore store,
        IReadOnlyList<TrackerReference> trackers,
        string category,
        IReadOnlyList<KeyValuePair<string, MetricSummary>>? before = null,
        IReadOnlyDictionary<string, ITrackerFactory>? ownTrackers = null) =>
        Counted(new(info, key, lease, store, time, StartTracking(info, key, store, trackers, ownTrackers), before) { Logger = new RunLogRouting(loggers.CreateLogger(category), category) });

    /// <summary>
    /// Ends an attempt, unless somebody did already: its log is closed, its trackers are told. Whoever gets a result records it.
    /// </summary>
    public RunEnd? TryEnd(RunAttempt attempt, Verdict verdict)
    {
        if (attempt.HasEnded)
            return null;
        if (verdict.Failure is { } told)
        {
            // The log's last lines as they were; then the failure itself becomes the last. Where nothing was logged the store alone
            // keeps it: a folder and a file for each failure cost ten times what storing it does.
            var tail = attempt.LogTail;
            verdict = verdict with { Failure = told with { LogTail = tail } };
            if (tail is not null)
                attempt.Log.Write(RunLogLine.Failure(told, attempt.Info.Attempt, time.GetUtcNow()));
        }

        if (!attempt.TryEnd())
            return null;
        var end = new RunEnd(verdict.Outcome, verdict.Objective, verdict.Failure, time.GetUtcNow());
        attempt.EndTracking(end);
        RunMeters.AttemptEnded(attempt.Info, end.State, end.Failure, end.EndedAt);
        RunSpans.End(attempt.Span, end.State, end.Failure, end.EndedAt);
        return end;
    }

    /// <summary>Whoever executes an attempt failed at it, not the attempt itself: its end is not recorded.</summary>
    public static void Faulted(RunAttempt attempt, Exception cause)
    {
        if (attempt.HasEnded)
            return;
        RunMeters.AttemptFaulted();
        RunSpans.Fault(attempt.Span, cause);
    }

    private static RunAttempt Counted(RunAttempt attempt)
    {
        RunMeters.AttemptBegan();
        return attempt;
    }

    private IRunTracking? StartTracking(
        RunInfo info, RunKey key, ISweepStore store, IReadOnlyList<TrackerReference> trackers, IReadOnlyDictionary<string, ITrackerFactory>? own) =>
        trackers.Count == 0 ? null : tracking.Start(info, trackers, loss => TrackerLossKeeper.Keep(store, key, loss), own);
}
