using Orchestrator.Execution.Devices;

namespace Orchestrator.Diagnostics;

/// <summary>The pools that runs are executed in, and what belongs to each.</summary>
internal sealed class PoolsCheck(RunPools pools) : IDoctorCheck
{
    public string Name => "pools";

    public async Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var all = await pools.EquippedAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            return [.. all.Select(p => DoctorFinding.Ok($"{p}{(p.Gpus.Pretended.Count > 0 ? "; its GPUs are pretended" : "")}"))];
        }
        catch (InvalidPoolException cause)
        {
            return [DoctorFinding.Error(cause.Message, "Change Orchestrator:Pools or Orchestrator:Gpus in appsettings.json.")];
        }
    }
}
