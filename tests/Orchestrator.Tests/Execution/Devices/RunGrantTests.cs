using Orchestrator.Execution;
using Orchestrator.Execution.Devices;
using Orchestrator.Execution.Packing;

namespace Orchestrator.Tests.Execution.Devices;

public sealed class RunGrantTests
{
    private static readonly GpuDevice[] Gpus = [new(0, "4", "g", 1), new(1, "5", "g", 1), new(2, "GPU-abc", "g", 1)];

    [Fact]
    public void Grant_OneDevice_IsNamedForThisProcessAndForItsOwn()
    {
        var grant = Grant(1, ResourceRequest.WholeDevice / 2, 0b010);
        Assert.Equal(("cuda:1", "cuda:0", 0.5), (grant.Device, grant.DeviceInOwnProcess, grant.DeviceShare));
        Assert.Equal("OMP_NUM_THREADS=3 OMP_WAIT_POLICY=PASSIVE CUDA_VISIBLE_DEVICES=5 CUDA_DEVICE_ORDER=PCI_BUS_ID", Environment(grant));
    }

    [Fact]
    public void Grant_SeveralDevices_AreListed()
    {
        var grant = Grant(2, ResourceRequest.WholeDevice, 0b101);
        Assert.Equal(("cuda:0,2", "cuda:0,1", 1.0), (grant.Device, grant.DeviceInOwnProcess, grant.DeviceShare));
        Assert.Equal("OMP_NUM_THREADS=3 OMP_WAIT_POLICY=PASSIVE CUDA_VISIBLE_DEVICES=4,GPU-abc CUDA_DEVICE_ORDER=PCI_BUS_ID", Environment(grant));
    }

    [Fact]
    public void Grant_NoDevice_LeavesGpusAlone()
    {
        var grant = Grant(0, 0, 0);
        Assert.Equal(("cpu", "cpu", 0.0), (grant.Device, grant.DeviceInOwnProcess, grant.DeviceShare));
        Assert.Equal("OMP_NUM_THREADS=3 OMP_WAIT_POLICY=PASSIVE", Environment(grant));
    }

    [Theory]
    [InlineData("none", "OMP_NUM_THREADS=1 CUDA_VISIBLE_DEVICES=")] // empty: CUDA sees none
    [InlineData("all", "OMP_NUM_THREADS=1")]
    [InlineData("2x8GiB", "OMP_NUM_THREADS=1")]
    public void Grant_NoDevice_HidesGpusWhereSomebodySaidThatThereAreNone(string gpus, string environment)
    {
        var pool = new DevicePool("p", GpuSelection.Parse(gpus)!, new Budget(8, isDeclared: true), new Budget(8, isDeclared: true));

        Assert.Equal(environment, Environment(new RunGrant(new RunLane(pool.Allot(new RunResources())), new Placement(0, 0), takenAt: 0)));
    }

    [Fact]
    public void Grant_ADeviceThatIsPretended_IsSaidToBe()
    {
        var pool = new DevicePool("p", GpuSelection.Parse("2x8GiB")!, new Budget(8, isDeclared: true), new Budget(8, isDeclared: true));
        pool.Equip(pool.Gpus.Pretended);

        var grant = new RunGrant(new RunLane(pool.Allot(new RunResources { Gpus = 1 })), new Placement(0b10, 0), takenAt: 0);

        Assert.EndsWith(" CUDA_VISIBLE_DEVICES=1 CUDA_DEVICE_ORDER=PCI_BUS_ID ORCHESTRATOR_GPUS=pretended", Environment(grant), StringComparison.Ordinal);
    }

    private static string Environment(RunGrant grant) => string.Join(' ', grant.Environment.Select(e => $"{e.Key}={e.Value}"));

    private static RunGrant Grant(int devices, int units, ulong bits)
    {
        var pool = new ResourcePool("p", new Budget(8, isDeclared: true), new Budget(8, isDeclared: true));
        pool.Equip(Gpus.Length);
        var lane = new RunLane(new RunAllotment(pool, new ResourceRequest(devices, units, 3, 0), Gpus, Cpus: 3, MemoryBytes: null));
        return new RunGrant(lane, new Placement(bits, 0), takenAt: 0);
    }
}
