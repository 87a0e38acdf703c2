using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Orchestrator.Torch.State;

/// <summary>What a run's checkpoints know of TorchSharp's objects.</summary>
internal static class TorchStates
{
    private static readonly StateAdapter[] All = [new ModuleState(), new OptimizerState(), new ScheduleState(), new GeneratorAdapter(), new TensorAdapter()];

    /// <summary>Makes them known; once or often is the same. By itself where this assembly is loaded: an experiment needs no host for it.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The ModuleInitializer attribute should not be used in libraries", Justification = "An experiment without a host calls nothing that could make them known.")]
    internal static void AddToProcess()
    {
        foreach (var adapter in All)
            StateAdapter.Add(adapter);
    }
}
