using Orchestrator.Configuration;
using Orchestrator.Execution.Packing;

namespace Orchestrator.Execution.Devices;

/// <summary>Makes pools of settings.</summary>
internal static class PoolSettings
{
    /// <summary>The pool of runs that name none.</summary>
    public const string Default = "default";

    /// <summary>The pools, the default one first, not yet equipped.</summary>
    /// <exception cref="InvalidPoolException">A setting is none; the message says which.</exception>
    public static IReadOnlyList<DevicePool> Read(OrchestratorOptions options, int cpus, long memory)
    {
        var declared = options.Pools.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Read(p.Key, p.Value)).ToList();
        var index = declared.FindIndex(p => p.Name == Default);
        var standard = index >= 0 ? declared[index] : new Declared(Default, declared.Exists(p => p.Gpus.IsAll) ? GpuSelection.None : GpuSelection.All, null, null);
        if (index >= 0)
            declared.RemoveAt(index);
        declared.Insert(0, options.Gpus is { } text ? standard with { Gpus = Gpus(text, "Gpus") } : standard);
        if (declared.Where(p => p.Gpus.IsAll).Skip(1).FirstOrDefault() is { } second)
            throw new InvalidPoolException($"Two pools have all GPUs, '{second.Name}' among them: say which has which (Orchestrator:Pools:{second.Name}:Gpus).");

        // What pools do not say they share: the machine, less what others claim.
        var sharedCpus = new Budget(Math.Max(1, cpus - declared.Sum(p => p.Cpus ?? 0)), isDeclared: false);
        var sharedMemory = new Budget(Math.Max(1, memory - declared.Sum(p => p.Memory ?? 0)), isDeclared: false);
        return
        [
            .. declared.Select(p => new DevicePool(
                p.Name,
                p.Gpus,
                p.Cpus is { } count ? new Budget(count, isDeclared: true) : sharedCpus,
                p.Memory is { } bytes ? new Budget(bytes, isDeclared: true) : sharedMemory)),
        ];
    }

    private static Declared Read(string name, PoolOptions options)
    {
        if (options.Cpus < 1)
            throw new InvalidPoolException($"Orchestrator:Pools:{name}:Cpus must be at least 1, but is {options.Cpus}.");
        var memory = options.Memory is { } text
            ? SizeText.Parse(text) is > 0 and var bytes ? bytes
                : throw new InvalidPoolException($"Orchestrator:Pools:{name}:Memory must be a size such as 64GiB, but is '{text}'.")
            : (long?)null;
        return new Declared(name, options.Gpus is { } gpus ? Gpus(gpus, $"Pools:{name}:Gpus") : GpuSelection.None, options.Cpus, memory);
    }

    private static GpuSelection Gpus(string text, string key) =>
        GpuSelection.Parse(text) ?? throw new InvalidPoolException($"Orchestrator:{key} must be {GpuSelection.Syntax}, but is '{text}'.");

    private sealed record Declared(string Name, GpuSelection Gpus, long? Cpus, long? Memory);
}
