using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orchestrator.Tracking;
using Orchestrator.Tracking.Mlflow;
using Orchestrator.Tracking.TensorBoard;

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
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITrackerFactory, TensorBoardTrackerFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITrackerFactory, MlflowTrackerFactory>(p => new(p.GetRequiredService<TimeProvider>())));
        services.TryAddScoped<TrackerContextSlot>();
        services.TryAddScoped(scope => scope.GetRequiredService<TrackerContextSlot>().Context
            ?? throw new InvalidOperationException($"{nameof(TrackerContext)} can be had in a tracker's own scope only."));
        services.TryAddSingleton<IRunTrackingFactory>(p => new RunTrackingFactory(
            p.GetServices<ITrackerFactory>(), p.GetRequiredService<ILogger<RunTrackingFactory>>(), p.GetRequiredService<TimeProvider>(), p));
        return services;
    }
}
