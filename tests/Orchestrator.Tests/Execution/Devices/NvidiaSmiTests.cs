using System.Diagnostics;
using Orchestrator.Diagnostics;
using Orchestrator.Execution.Devices;

namespace Orchestrator.Tests.Execution.Devices;

public sealed class NvidiaSmiTests : IDisposable
{
    private const string Two = """
        echo '0, GPU-aaaa1111, NVIDIA H100 80GB HBM3, 81559, 4'
        echo '1, GPU-bbbb2222, NVIDIA GB10, [N/A], [N/A]'
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-smi-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ask_Lines_AreGpus()
    {
        var answer = await Smi(Two).AskAsync(CancellationToken.None);

        Assert.Null(answer.Why);
        Assert.Equal(
            [new NvidiaGpu(0, "GPU-aaaa1111", "NVIDIA H100 80GB HBM3", 81559L << 20, 4L << 20), new NvidiaGpu(1, "GPU-bbbb2222", "NVIDIA GB10", null, null)],
            answer.Gpus);
    }

    [Fact]
    public async Task Ask_IsAskedForWhatIsRead()
    {
        await Smi($"echo \"$@\" > '{_folder}/args'").AskAsync(CancellationToken.None);
        Assert.Equal(
            "--query-gpu=index,uuid,name,memory.total,memory.used --format=csv,noheader,nounits",
            (await File.ReadAllTextAsync(Path.Combine(_folder, "args"))).Trim());
    }

    [Theory]
    [InlineData("echo no driver >&2; exit 9", "ended with 9: no driver")]
    [InlineData("exec sleep 600", "did not answer within")]
    [InlineData("sleep 600 & exec sleep 600", "did not answer within")]
    public async Task Ask_ProgramThatFailsOrHangs_SaysSoAndWhatToDo(string script, string why)
    {
        var answer = await Smi(script).AskAsync(CancellationToken.None);
        Assert.Empty(answer.Gpus);
        Assert.Contains(why, answer.Why, StringComparison.Ordinal);
        Assert.NotNull(answer.Remedy);
    }

    [Fact]
    public async Task Ask_NoProgram_IsFine()
    {
        var answer = await new NvidiaSmi { Program = "no-such-smi" }.AskAsync(CancellationToken.None);
        Assert.Equal((0, "there is no no-such-smi here", null), (answer.Gpus.Count, answer.Why, answer.Remedy));
    }

    [Theory]
    [InlineData(null, "cuda:0=0 cuda:1=1 cuda:2=2")]
    [InlineData("2,0", "cuda:0=2 cuda:1=0")]
    [InlineData("GPU-c, 1", "cuda:0=GPU-c cuda:1=1")]
    [InlineData("", "")]
    [InlineData("-1", "")]
    [InlineData("0,7,1", "cuda:0=0")]
    [InlineData("0,0,1", "cuda:0=0")]
    [InlineData("MIG-1234,MIG-5678", "cuda:0=MIG-1234 cuda:1=MIG-5678")]
    public void Visible_IsWhatCudaWouldSee(string? visible, string expected)
    {
        NvidiaGpu[] all = [new(1, "GPU-bbbb", "b", 1, 0), new(0, "GPU-aaaa", "a", 1, 0), new(2, "GPU-cccc", "c", 1, 0)];
        var seen = GpuInventory.Visible(all, visible);
        Assert.Equal(expected, string.Join(' ', seen.Select(g => $"{g.Device.Name}={g.Device.CudaId}")));
    }

    [Theory]
    [InlineData(Two, null, DoctorStatus.Ok, "cuda:0: NVIDIA H100 80GB HBM3, 80 GiB (4.0 MiB used), GPU 0 of nvidia-smi")]
    [InlineData(Two, "1", DoctorStatus.Ok, "cuda:0: NVIDIA GB10, GPU 1 of nvidia-smi")]
    [InlineData(Two, "", DoctorStatus.Ok, "none: CUDA_VISIBLE_DEVICES hides all 2")]
    [InlineData("echo failed; exit 9", null, DoctorStatus.Warning, "ended with 9: failed")]
    [InlineData("exit 0", null, DoctorStatus.Ok, "none")]
    public async Task Doctor_SaysWhatThereIs(string script, string? visible, DoctorStatus status, string expected)
    {
        var finding = (await new GpuCheck(new GpuInventory(Smi(script), visible)).CheckAsync(CancellationToken.None))[0];
        Assert.Equal(status, finding.Status);
        Assert.Contains(expected, finding.Message, StringComparison.Ordinal);
    }

    private NvidiaSmi Smi(string script)
    {
        var program = Path.Combine(_folder, "nvidia-smi");
        // Written by another process: a program that anybody has open for writing cannot be started, and a child that another test starts at that
        // moment has what is open here.
        using (var sh = Process.Start("sh", ["-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\" && chmod 700 \"$0\"", program, script]))
            sh.WaitForExit();
        var hangs = script.Contains("sleep", StringComparison.Ordinal);
        return new NvidiaSmi { Program = program, Patience = TimeSpan.FromSeconds(hangs ? 0.5 : 60) };
    }
}
