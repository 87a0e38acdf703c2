namespace Orchestrator.Torch.State;

/// <summary>What a run's checkpoints know of TorchSharp's objects.</summary>
internal static class TorchStates
{
    private static readonly StateAdapter[] All = [new ModuleState(), new OptimizerState(), new ScheduleState(), new GeneratorAdapter(), new TensorAdapter()];

    /// <summary>Makes them known; once or often is the same.</summary>
    public static void AddToProcess()
    {
        foreach (var adapter in All)
            StateAdapter.Add(adapter);
    }
}
