using Orchestrator.Diagnostics;
using Orchestrator.Execution.Packing;

namespace Orchestrator.Execution.Devices;

/// <summary>A pool with the devices that belong to it.</summary>
internal sealed class DevicePool(string name, GpuSelection gpus, Budget cpus, Budget memory)
{
    public string Name => name;

    public GpuSelection Gpus => gpus;

    public ResourcePool Packing { get; } = new(name, cpus, memory);

    /// <summary>By the index that placements use; empty until the pool is equipped.</summary>
    public IReadOnlyList<GpuDevice> Devices { get; private set; } = [];

    public void Equip(IReadOnlyList<GpuDevice> devices)
    {
        Devices = devices;
        Packing.Equip(devices.Count);
    }

    /// <summary>Where runs go that ask for so much.</summary>
    public RunAllotment Allot(RunResources resources)
    {
        var (devices, units) = resources switch
        {
            { RunsPerGpu: > 1 and var runs } => (1, ResourceRequest.WholeDevice / runs),
            { Gpus: 0, RunsPerGpu: null } => (0, 0),
            { Gpus: > 0 and < 1 } => (1, ResourceRequest.UnitsOf(resources.Gpus)),
            _ => ((int)Math.Clamp(resources.Gpus, 1, int.MaxValue), ResourceRequest.WholeDevice),
        };
        // A run on a device does not wait for the one processor that every run has, unless somebody said how many there are.
        var counted = devices > 0 && resources.Cpus == 1 && !cpus.IsDeclared ? 0 : (decimal)resources.Cpus;
        return new RunAllotment(Packing, new ResourceRequest(devices, units, counted, resources.Memory ?? 0), Devices, Math.Max(1, (int)resources.Cpus), resources.Memory) { HidesGpus = gpus.AreHidden };
    }

    /// <summary>The first key of <c>resources</c> whose value is more than the pool has; <see langword="null"/>: it could hold a run.</summary>
    public string? TooMuch(RunResources resources, bool isAsked)
    {
        var request = Allot(resources).Request;
        return request.Devices > Devices.Count ? (resources.Gpus > 0 ? "gpus" : "runsPerGpu")
            : request.Memory > memory.Capacity ? "memory"
            : request.Cpus > cpus.Capacity && !(isAsked && !cpus.IsDeclared) ? "cpus"
            : null;
    }

    /// <summary>What it has: <c>'gpu' has 2 GPUs, 8 cpus, 64 GiB</c>.</summary>
    public override string ToString() =>
        $"'{name}' has {Devices.Count} {(Devices.Count == 1 ? "GPU" : "GPUs")}, {cpus.Capacity} {(cpus.Capacity == 1 ? "cpu" : "cpus")}, {ByteText.Of((long)memory.Capacity)}";
}
