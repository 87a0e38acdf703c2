using Orchestrator.Torch.Native;
using Orchestrator.Torch.Runs;

namespace Orchestrator.Torch;

/// <summary>What runs with TorchSharp need: its native library, loaded while their process starts, and a process whose garbage collector leaves a step alone.</summary>
public sealed class TorchRequirement : RunRequirement
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Environment { get; } = CollectionPause.Environment;

    /// <inheritdoc/>
    public override string? FindObstacle() => TorchLibrary.FindObstacle();

    /// <inheritdoc/>
    public override void Prepare() => TorchProcess.Prepare();
}
