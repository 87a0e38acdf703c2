namespace Orchestrator.Tracking;

/// <summary>The tracker set of one attempt, as the executor sees it. No member blocks or throws.</summary>
internal interface IRunTracking
{
    /// <summary>
    /// Hands values to every tracker. The memory is shared by all of them, not copied: whoever calls must not change it afterwards.
    /// </summary>
    void Report(ReadOnlyMemory<MetricPoint> points);

    /// <summary>Hands a note to every tracker, in order with the values.</summary>
    void Note(RunNote note);

    /// <summary>Hands over the end and lets every tracker finish on its own time.</summary>
    void End(RunEnd end);

    /// <summary>Completes when every tracker is done with, well or not. Never fails.</summary>
    Task Finished => Task.CompletedTask;
}

/// <summary>Makes tracker sets and waits for those that are not finished.</summary>
internal interface IRunTrackingFactory
{
    /// <summary>
    /// Raised once for each tracker of each attempt that lost something, when the whole loss is known. Handlers are called on the
    /// thread pool, several at once, and must be quick; one that throws is ignored.
    /// </summary>
    event Action<TrackingLoss>? Lost;

    /// <summary>The set of an attempt that begins; <see langword="null"/> where there is no tracker.</summary>
    /// <param name="run">The attempt.</param>
    /// <param name="trackers">Which, and with what options.</param>
    /// <param name="lost">Hears of this attempt's losses as <see cref="Lost"/> does: it keeps them with the run.</param>
    /// <param name="own">Makers of trackers that only this attempt knows, by name; they come before those that are registered.</param>
    IRunTracking? Start(
        RunInfo run,
        IReadOnlyList<TrackerReference> trackers,
        Action<TrackingLoss>? lost = null,
        IReadOnlyDictionary<string, ITrackerFactory>? own = null);

    /// <summary>Waits for the trackers of the sets that ended; what was lost by then is counted and logged.</summary>
    /// <param name="limit">At most this long; by default as long as each kind of tracker asks for.</param>
    Task DrainAsync(TimeSpan? limit = null);
}

/// <summary>What a tracker did not receive, or could not finish, of one attempt.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Tracker">The tracker's name.</param>
/// <param name="Points">How many values it lost; those handed over when it failed count as lost.</param>
/// <param name="Reason">Why, in one line.</param>
internal sealed record TrackingLoss(string RunId, int Attempt, string Tracker, long Points, string Reason);
