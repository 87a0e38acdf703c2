using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Tracking;

/// <summary>Makes trackers by a function.</summary>
internal sealed class DelegateTrackerFactory(TrackerInfo info, Func<TrackerContext, ITracker> create) : ITrackerFactory
{
    public TrackerInfo Info { get; } = info;

    public ITracker Create(TrackerContext context) =>
        create(context) ?? throw new InvalidOperationException($"The function that makes tracker '{Info.Name}' returned null");

    /// <summary>Makes trackers of a class from the services of each tracker's own scope.</summary>
    public static DelegateTrackerFactory Of<T>(TrackerInfo info)
        where T : class, ITracker
    {
        var make = ActivatorUtilities.CreateFactory<T>(Type.EmptyTypes);
        return new DelegateTrackerFactory(info, context => make(context.Services, null));
    }
}
