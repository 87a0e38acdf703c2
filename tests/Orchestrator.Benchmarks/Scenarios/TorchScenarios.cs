using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Benchmarks.Scenarios.Torch;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>What a sweep of trainings with TorchSharp costs beside them.</summary>
internal static class TorchScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("torch", "`torch-digits` in a sweep against the same training in a bare loop", MeasureAsync),
    ];

    /// <summary>What the worker processes know, too.</summary>
    public static void Configure(IServiceCollection services)
    {
        TorchOverhead.Configure(services);
    }

    private static Task<Measurement> MeasureAsync(string home) => TorchOverhead.MeasureAsync(home);
}
