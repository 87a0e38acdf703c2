namespace Orchestrator.Tracking;

/// <summary>Makes trackers of one kind. Registered as a singleton; safe for concurrent use.</summary>
public interface ITrackerFactory
{
    /// <summary>The name in a sweep file and the options.</summary>
    TrackerInfo Info { get; }

    /// <summary>A tracker for one attempt. Must not block: files are opened in <see cref="ITracker.StartAsync"/>.</summary>
    /// <exception cref="ArgumentException">An option has a value that the tracker does not know.</exception>
    ITracker Create(TrackerContext context);
}
