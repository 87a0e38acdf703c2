using Orchestrator.Torch.Native;
using Orchestrator.Torch.Runs;

namespace Orchestrator.Torch;

/// <summary>What runs with TorchSharp need: its native library, loaded while their process starts, and a process whose garbage collector leaves a step alone.</summary>
public sealed class TorchRequirement : RunRequirement
{
    /// <summary>
    /// Without the compiler's profiling: a step spends its time in native code, and to instrument the little that is not costs a process of short runs a tenth of
    /// its time.
    /// </summary>
    private static readonly KeyValuePair<string, string> NoProfiling = new("DOTNET_TieredPGO", "0");

    /// <inheritdoc/>
    /// <remarks>What the orchestrator's own environment sets stays.</remarks>
    public override IReadOnlyDictionary<string, string> Environment { get; } = CollectionPause.Environment.Append(NoProfiling)
        .Where(variable => System.Environment.GetEnvironmentVariable(variable.Key) is null)
        .ToDictionary();

    /// <inheritdoc/>
    public override string? FindObstacle() => TorchLibrary.FindObstacle();

    /// <inheritdoc/>
    public override void Prepare() => TorchProcess.Prepare();
}
