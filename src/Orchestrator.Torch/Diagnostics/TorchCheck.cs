using Orchestrator.Diagnostics;
using Orchestrator.Torch.Native;
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
            $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)} for libtorch {torch.__version__}, {Loaded(LoadedLibtorch.Find())}");
        yield return DoctorFinding.Ok(NativePart(TorchProcess.Library));
        yield return DoctorFinding.Ok($"{torch.get_num_threads()} thread(s) for each run's operations");
        yield return torch.cuda.is_available()
            ? DoctorFinding.Ok($"CUDA: {torch.cuda.device_count()} device(s)")
            : DoctorFinding.Ok("CUDA: none; runs use the processor");
    }

    /// <summary>What of libtorch is loaded, in words.</summary>
    internal static string Loaded(LoadedLibtorch? libtorch) => libtorch switch
    {
        null => "the one loaded is not known",
        { Version: null } => $"loaded is {libtorch.Path}, which does not say its version",
        _ => $"loaded is {libtorch.Version} ({libtorch.Path})",
    };

    /// <summary>How TorchSharp's own native library was loaded, in words.</summary>
    internal static string NativePart(LoadedLibrary? library) => library switch
    {
        null => "its native library is not known",
        { Way: LoadWay.Plain } => $"its native library: {library.Path ?? TorchLibrary.Name}",
        _ => $"its native library: {library.Path}, as a corrected copy {PlaceOf(library.Way)}, for it asks for {library.Relaxed}, which this system lacks and it works without",
    };

    private static string PlaceOf(LoadWay way) => way switch
    {
        LoadWay.Memory => "in memory",
        LoadWay.Cache => "in the user's cache",
        _ => "in a temporary file",
    };

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
                "It must fit this system: its C and C++ libraries, processor, and (-p:TorchBackend=cuda) driver.");
        }
    }
}
