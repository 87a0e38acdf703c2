using System.Reflection;
using Orchestrator.Execution;

namespace Orchestrator.Torch;

/// <summary>Whether this program was built with TorchSharp, an optional package.</summary>
public static class TorchSupport
{
    /// <summary>TorchSharp's version that this program is for.</summary>
    internal static string Version { get; } =
        typeof(TorchSupport).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "TorchSharpVersion").Value!;

    /// <summary>Whether it was.</summary>
    public static bool IsBuiltIn =>
#if TORCHSHARP
        true;
#else
        false;
#endif

    /// <summary>What to do where it was not, in a sentence.</summary>
    public static string Remedy { get; } =
        $"Give NuGet a feed with TorchSharp {Version} and TorchSharp-cpu (for a GPU: -p:TorchBackend=cuda and TorchSharp-cuda-linux or -windows), "
        + "remove artifacts/optional-packages and build again; -p:WithTorchSharp=true shows why a feed does not serve, -p:TorchSharpVersion= takes another version.";

    /// <summary>Names what needs TorchSharp, where it is missing: a sweep that asks for it ends with what to do.</summary>
    /// <param name="trainables">Where the name is registered.</param>
    /// <param name="name">The trainable's name.</param>
    public static void AddMissing(TrainableRegistry trainables, string name)
    {
        ArgumentNullException.ThrowIfNull(trainables);
        trainables.AddMissing(name, () => $"it needs the package TorchSharp {Version}, and this program was built without it. {Remedy}");
    }
}
