using Orchestrator.Execution.Devices;

namespace Orchestrator.Tests.Execution.Devices;

public sealed class GpuSelectionTests
{
    [Fact]
    public void Parse_Pretended_MakesDevicesWithMemory()
    {
        var devices = GpuSelection.Parse("4x80GiB")!.Pretended;
        Assert.Equal(["cuda:0", "cuda:1", "cuda:2", "cuda:3"], devices.Select(d => d.Name));
        Assert.All(devices, d => Assert.True(d is { IsPretended: true, MemoryBytes: 80L << 30 }));
    }

    [Fact]
    public void Parse_Names_KeepsThem()
    {
        Assert.Equal(["0", "3"], GpuSelection.Parse("0, 3")!.Named);
        Assert.Equal(["GPU-8932f937", "MIG-1"], GpuSelection.Parse("GPU-8932f937,MIG-1")!.Named);
        Assert.True(GpuSelection.Parse("ALL")!.IsAll);
        Assert.False(GpuSelection.Parse("none")!.NeedsInventory);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0,,1")]
    [InlineData("0,0")]
    [InlineData("-1")]
    [InlineData("0x80GiB")]
    [InlineData("65x80GiB")]
    [InlineData("4x80")]
    [InlineData("4x0GiB")]
    [InlineData("four")]
    public void Parse_AnythingElse_IsNone(string text) => Assert.Null(GpuSelection.Parse(text));
}
