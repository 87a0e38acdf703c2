using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Tracking;

namespace Orchestrator.Hosting;

/// <summary>Registers trackers.</summary>
internal static class TrackingServices
{
    /// <summary>The bundled trackers and what feeds them. User factories are added as singletons of <see cref="ITrackerFactory"/>.</summary>
    public static IServiceCollection AddTracking(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITrackerFactory, ConsoleTrackerFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITrackerFactory, CsvTrackerFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITrackerFactory, JsonlTrackerFactory>());
        services.TryAddSingleton<IRunTrackingFactory, RunTrackingFactory>();
        return services;
    }
}
