using Orchestrator.Execution.Devices;

namespace Orchestrator.Cli.Executing;

/// <summary>What <c>--gpus</c> does that its user may not expect.</summary>
internal static class GpuNotes
{
    /// <exception cref="CliException">The option is about another pool than the one that the sweep names.</exception>
    public static void Say(CliApp app, RunResources resources, string? gpus)
    {
        if (gpus is null)
            return;
        if (resources.Pool is { } pool && pool != PoolSettings.Default)
            throw CliException.Usage($"--gpus is about the pool '{PoolSettings.Default}', but the sweep runs in '{pool}': Orchestrator:Pools:{pool}:Gpus says which GPUs that has.");
        if (resources.Gpus == 0 && !resources.GpuIfAny && resources.RunsPerGpu is null)
            app.Console.Error.WriteLine("note: the sweep asks for no GPU ('resources: {gpus: 1}' does), so --gpus changes nothing.");
        else if (GpuSelection.Parse(gpus)?.Pretended.Count > 0)
            app.Console.Error.WriteLine("note: the GPUs are pretended: runs are packed and told as if they were there.");
    }

    /// <summary>Says it when runs that take a GPU if there is one get none: who has one must not find that out by the time it takes.</summary>
    public static async Task SayWithoutAsync(CliApp app, RunResources resources, RunPools pools, bool isAsked)
    {
        if (resources.GpuIfAny && (await pools.FindAsync(resources, isAsked)).Allotment is { Devices.Count: 0 } or { Request.Devices: 0 })
            app.Console.Error.WriteLine($"note: no GPU that a run could have{(pools.WhyNoGpus is { } why ? $" ({why})" : "")}: 'gpus: auto' gives runs none.");
    }
}
