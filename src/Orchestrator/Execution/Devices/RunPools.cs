using Microsoft.Extensions.Options;
using Orchestrator.Configuration;
using Orchestrator.Text;

namespace Orchestrator.Execution.Devices;

/// <summary>
/// The pools of this process, shared by all its sweeps. Which GPUs there are is looked up when a run first asks for one: most sweeps do
/// not, and the look takes a second.
/// </summary>
internal sealed class RunPools
{
    private readonly GpuInventory _inventory;
    private readonly Lazy<IReadOnlyList<DevicePool>> _pools;
    private readonly Lazy<Task<IReadOnlyList<DevicePool>>> _equipped;
    private NvidiaAnswer? _answer;

    public RunPools(IOptions<OrchestratorOptions> options, GpuInventory inventory)
    {
        _inventory = inventory;
        _pools = new(() => PoolSettings.Read(options.Value, Environment.ProcessorCount, MachineMemory.Total()));
        _equipped = new(EquipAsync);
    }

    /// <summary>The pools with their devices, the default one first.</summary>
    /// <exception cref="InvalidPoolException">The settings are wrong, or name a GPU that is not there.</exception>
    public Task<IReadOnlyList<DevicePool>> EquippedAsync() => _equipped.Value;

    /// <summary>Where a sweep's runs are executed; or the problem that says why nowhere.</summary>
    /// <param name="resources">What a run asks for.</param>
    /// <param name="isAsked">Whether a person said how many workers there are; see <see cref="FairRunQueue.Widen"/>.</param>
    /// <exception cref="InvalidPoolException">The settings are wrong, or name a GPU that is not there.</exception>
    /// <remarks>Where a run asks for a GPU if there is one, every pool is tried with one first, then every pool without.</remarks>
    public async ValueTask<(RunAllotment? Allotment, DefinitionProblem? Problem)> FindAsync(RunResources resources, bool isAsked)
    {
        var asksForGpus = resources.GpuIfAny || resources.Gpus > 0 || resources.RunsPerGpu is not null;
        var pools = asksForGpus ? await EquippedAsync().ConfigureAwait(false) : _pools.Value;
        if (resources.Pool is { } name)
        {
            pools = [.. pools.Where(p => p.Name == name)];
            if (pools.Count == 0)
                return (null, Unknown(name));
        }

        foreach (var wanted in resources.Alternatives)
        {
            foreach (var pool in pools)
            {
                if (pool.TooMuch(wanted, isAsked) is null)
                    return (pool.Allot(wanted), null);
            }
        }

        var least = resources.Alternatives[^1];
        return (null, NoneHolds(least, pools, pools[0].TooMuch(least, isAsked)!));
    }

    /// <summary>Why there are no GPUs, if somebody looked and found none.</summary>
    public string? WhyNoGpus => _answer?.Why;

    private DefinitionProblem Unknown(string name) => new(SweepErrorCodes.UnknownPool, "/resources/pool",
        $"There is no pool {ScalarNode.Clip(name)}{Suggestion.Hint(name, [.. _pools.Value.Select(p => p.Name)])}");

    private DefinitionProblem NoneHolds(RunResources resources, IReadOnlyList<DevicePool> pools, string key)
    {
        var what = key switch
        {
            "gpus" => $"{(ParameterValue)resources.Gpus} GPUs",
            "runsPerGpu" => "a part of a GPU",
            "memory" => Diagnostics.ByteText.Of(resources.Memory!.Value) + " of memory",
            _ => $"{(ParameterValue)resources.Cpus} cpus",
        };
        var isAboutGpus = key is "gpus" or "runsPerGpu";
        var why = isAboutGpus && _answer?.Why is { } said ? $" ({said})" : "";
        var remedy = isAboutGpus ? "; --gpus says which to use, or pretends some (4x80GiB)"
            : key == "cpus" ? "; --workers 1 executes one at a time nevertheless"
            : "";
        return new DefinitionProblem(SweepErrorCodes.NoPoolHolds, "/resources/" + key,
            $"A run asks for {what}, and no pool here could ever hold it: {string.Join("; ", pools)}{why}{remedy}.");
    }

    private async Task<IReadOnlyList<DevicePool>> EquipAsync()
    {
        var pools = _pools.Value;
        IReadOnlyList<VisibleGpu> gpus = [];
        if (pools.Any(p => p.Gpus.NeedsInventory))
            (gpus, _answer) = await _inventory.AskAsync().ConfigureAwait(false);

        var owners = new Dictionary<GpuDevice, string>();
        var named = pools.Select(p => p.Gpus.Named.Select(n => Claim(gpus, n, p.Name, owners)).ToList()).ToList();
        foreach (var (index, pool) in pools.Index())
        {
            pool.Equip(pool.Gpus.IsAll ? [.. gpus.Select(g => g.Device).Where(d => !owners.ContainsKey(d)).Take(Packing.ResourcePool.MostDevices)]
                : pool.Gpus.Pretended.Count > 0 ? pool.Gpus.Pretended
                : named[index]);
        }

        return pools;
    }

    private GpuDevice Claim(IReadOnlyList<VisibleGpu> gpus, string name, string pool, Dictionary<GpuDevice, string> owners)
    {
        var found = gpus.FirstOrDefault(g => g.Device.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) == name
            || g.Gpu?.Uuid.StartsWith(name, StringComparison.OrdinalIgnoreCase) == true
            || g.Device.CudaId.Equals(name, StringComparison.OrdinalIgnoreCase) && g.Gpu is null)?.Device;
        if (found is null)
        {
            var there = gpus.Count == 0 ? "none" : string.Join(", ", gpus.Select(g => $"{g.Device.Number} ({g.Device.Model})"));
            var why = _answer?.Why is { } said ? $" ({said})" : "";
            throw new InvalidPoolException($"The pool '{pool}' has GPU '{name}', which is not there{why}. There is: {there}. Numbers count the GPUs that this process sees, from 0.");
        }

        if (!owners.TryAdd(found, pool))
            throw new InvalidPoolException($"GPU {name} is in the pools '{owners[found]}' and '{pool}'; a GPU can be in one.");
        return found;
    }
}
