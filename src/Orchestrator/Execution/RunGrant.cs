using System.Globalization;
using System.Numerics;
using Orchestrator.Execution.Devices;
using Orchestrator.Execution.Packing;

namespace Orchestrator.Execution;

/// <summary>
/// What a run was given, from the moment a worker takes it until it is released: devices, processors, memory. One for each attempt. A run
/// in this process can only be told (<see cref="Device"/>); for a process of its own there is <see cref="Environment"/>.
/// </summary>
internal sealed class RunGrant
{
    /// <summary>Tells a process that its GPUs are <see cref="PretendedGpus"/>; absent otherwise.</summary>
    public const string GpusVariable = "ORCHESTRATOR_GPUS";

    /// <summary>They are not there: who needs one does without.</summary>
    public const string PretendedGpus = "pretended";

    private const string Cpu = "cpu";
    private bool _isReleased;

    internal RunGrant(RunLane lane, Placement placement, long takenAt)
    {
        (Lane, Placement, TakenAt) = (lane, placement, takenAt);
        Devices = placement.Devices == 0 ? [] : DevicesOf(placement.Devices, lane.Allotment.Devices);
        Device = NameOf(Devices, static (d, _) => d.Number);
    }

    /// <summary>The devices; none: the run uses processors only, and what GPUs there are is not its business, or hidden from it.</summary>
    public IReadOnlyList<GpuDevice> Devices { get; }

    /// <summary>How much of each device is the run's: 1, or less where runs share one.</summary>
    public double DeviceShare => Devices.Count == 0 ? 0 : (double)Lane.Request.Units / ResourceRequest.WholeDevice;

    /// <summary>Processors; at least 1. A run should use so many threads.</summary>
    public int Cpus => Lane.Allotment.Cpus;

    /// <summary>How much memory it may use, in bytes; <see langword="null"/>: the sweep asks for none in particular, and there is no limit.</summary>
    public long? MemoryBytes => Lane.Allotment.MemoryBytes;

    /// <summary>Whether nothing else runs beside it: an attempt before ran out of memory.</summary>
    public bool IsAlone => Lane.Request.IsAlone;

    /// <summary>The device's name for code in this process, and for whoever looks on: <c>cpu</c>, <c>cuda:3</c>, <c>cuda:0,1</c>.</summary>
    public string Device { get; }

    /// <summary>
    /// The device's name for code in a process that was started with <see cref="Environment"/>: there the run's own devices are the only
    /// ones and are counted from 0.
    /// </summary>
    public string DeviceInOwnProcess => NameOf(Devices, static (_, index) => index);

    /// <summary>Variables for a process of the run's own. What is not named here is inherited.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment
    {
        get
        {
            yield return new("OMP_NUM_THREADS", Cpus.ToString(CultureInfo.InvariantCulture));
            if (Cpus > 1 && System.Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
                yield return new("OMP_WAIT_POLICY", "PASSIVE"); // threads that wait by spinning stand in each other's way
            if (Devices.Count == 0)
            {
                if (Lane.Allotment.HidesGpus)
                    yield return new("CUDA_VISIBLE_DEVICES", "");
                yield break;
            }

            yield return new("CUDA_VISIBLE_DEVICES", string.Join(',', Devices.Select(d => d.CudaId)));
            yield return new("CUDA_DEVICE_ORDER", "PCI_BUS_ID"); // else the numbers need not be those of nvidia-smi
            if (Devices.Any(d => d.IsPretended))
                yield return new(GpusVariable, PretendedGpus);
        }
    }

    internal RunLane Lane { get; }

    internal Placement Placement { get; }

    /// <summary>When a worker took the run; the queue's own.</summary>
    internal long TakenAt { get; }

    /// <summary>True for the first call only: what is released twice must be given back once. Called under the queue's lock.</summary>
    internal bool TryRelease() => !_isReleased && (_isReleased = true);

    private static GpuDevice[] DevicesOf(ulong bits, IReadOnlyList<GpuDevice> all)
    {
        var devices = new GpuDevice[BitOperations.PopCount(bits)];
        for (var i = 0; bits != 0; bits &= bits - 1)
            devices[i++] = all[BitOperations.TrailingZeroCount(bits)];
        return devices;
    }

    private static string NameOf(IReadOnlyList<GpuDevice> devices, Func<GpuDevice, int, int> number) => devices switch
    {
        [] => Cpu,
        [var only] when number(only, 0) == only.Number => only.Name,
        _ => "cuda:" + string.Join(',', devices.Select(number)),
    };
}
