using Orchestrator.Diagnostics;
using Orchestrator.Torch.Runs;
using TorchSharp;

namespace Orchestrator.Torch.Diagnostics;

/// <summary>Whether TorchSharp works here, and with what.</summary>
internal sealed class TorchCheck : IDoctorCheck
{
    public string Name => "torchsharp";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DoctorFinding>>([.. Look()]);

    private static IEnumerable<DoctorFinding> Look()
    {
        if (Load() is { } finding)
        {
            yield return finding;
            yield break;
        }

        yield return DoctorFinding.Ok(
            $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)} for libtorch {torch.__version__}, {torch.get_num_threads()} thread(s) for each run's operations");
        yield return torch.cuda.is_available()
            ? DoctorFinding.Ok($"CUDA: {torch.cuda.device_count()} device(s)")
            : DoctorFinding.Ok("CUDA: none; runs use the processor");
    }

    private static DoctorFinding? Load()
    {
        try
        {
            TorchProcess.Prepare();
            return null;
        }
        catch (Exception cause) when (cause is NotSupportedException or DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            return DoctorFinding.Error(
                cause.Message.Split('\n')[0],
                "It must fit this system: its C and C++ libraries, processor, and (-p:TorchBackend=cuda) driver. Take another version by -p:TorchSharpVersion=, or do without: -p:WithTorchSharp=false.");
        }
    }
}
