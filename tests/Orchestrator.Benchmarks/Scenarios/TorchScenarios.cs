using Microsoft.Extensions.DependencyInjection;
#if TORCHSHARP
using Orchestrator.Benchmarks.Scenarios.Torch;
#else
using Orchestrator.Torch;
#endif

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>What a sweep of trainings with TorchSharp costs beside them; a line that says so where this build has none.</summary>
internal static class TorchScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("torch", "`torch-digits` in a sweep against the same training in a bare loop", MeasureAsync),
    ];

    /// <summary>What the worker processes know, too.</summary>
    public static void Configure(IServiceCollection services)
    {
#if TORCHSHARP
        TorchOverhead.Configure(services);
#endif
    }

#if TORCHSHARP
    private static Task<Measurement> MeasureAsync(string home) => TorchOverhead.MeasureAsync(home);
#else
    private static Task<Measurement> MeasureAsync(string home) =>
        Task.FromResult(new Measurement("not measured", $"this build has no TorchSharp. {TorchSupport.Remedy}"));
#endif
}
