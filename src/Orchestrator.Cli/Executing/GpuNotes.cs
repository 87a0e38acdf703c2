using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Parsing;
using Orchestrator.Configuration;
using Orchestrator.Execution.Devices;
using Orchestrator.Sweeps;

namespace Orchestrator.Cli.Executing;

/// <summary>What <c>--gpus</c> does that its user may not expect.</summary>
internal static class GpuNotes
{
    /// <summary>Says it before a sweep is executed, begun here or gone on with.</summary>
    /// <exception cref="CliException">The option is about another pool than the one that the sweep names.</exception>
    public static Task SayAsync(CliApp app, IServiceProvider services, RunResources resources, ExecutionOptions execution, ParseResult parsed)
    {
        Say(app, resources, parsed.GetValue(CommonOptions.Gpus));
        return SayWithoutAsync(app, resources, services.GetRequiredService<RunPools>(), execution.Workers(parsed) is not null);
    }

    /// <summary>The same of a sweep that is stored.</summary>
    /// <exception cref="CliException">The option is about another pool than the one that the sweep names.</exception>
    public static Task SayAsync(CliApp app, IServiceProvider services, SweepRecord stored, ExecutionOptions execution, ParseResult parsed) =>
        SayAsync(app, services, StoredDefinition.Read(stored, services.GetRequiredService<ISweepCatalog>(), code: null, lenient: true).Resources, execution, parsed);

    private static void Say(CliApp app, RunResources resources, string? gpus)
    {
        if (gpus is null)
            return;
        if (resources.Pool is { } pool && pool != PoolSettings.Default)
            throw CliException.Usage($"--gpus is about the pool '{PoolSettings.Default}', but the sweep runs in '{pool}': Orchestrator:Pools:{pool}:Gpus says which GPUs that has.");
        var selection = GpuSelection.Parse(gpus);
        if (resources.Gpus == 0 && !resources.GpuIfAny && resources.RunsPerGpu is null && selection?.AreHidden != true)
            app.Console.Error.WriteLine("note: the sweep asks for no GPU ('resources: {gpus: 1}' does), so --gpus changes nothing.");
        else if (selection?.Pretended.Count > 0)
            app.Console.Error.WriteLine("note: the GPUs are pretended: runs are packed and told as if they were there.");
    }

    /// <summary>Says it when runs that take a GPU if there is one get none: who has one must not find that out by the time it takes.</summary>
    private static async Task SayWithoutAsync(CliApp app, RunResources resources, RunPools pools, bool isAsked)
    {
        if (resources.GpuIfAny && (await pools.FindAsync(resources, isAsked)).Allotment is { Devices.Count: 0 } or { Request.Devices: 0 })
            app.Console.Error.WriteLine($"note: no GPU that a run could have{(pools.WhyNoGpus is { } why ? $" ({why})" : "")}: 'gpus: auto' gives runs none.");
    }
}
