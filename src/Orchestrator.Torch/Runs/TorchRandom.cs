using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch.Runs;

/// <summary>
/// The generators of a run as part of its checkpoints: its own, and the process's default one where the run has the process to itself. Those of
/// GPUs cannot be read; the trainer seeds them anew for each epoch.
/// </summary>
internal sealed class TorchRandom(Generator own, bool withDefault) : ICheckpointable
{
    /// <summary>The name in checkpoints.</summary>
    public const string Name = "torch.random";

    public void SaveState(Stream stream)
    {
        GeneratorState.Save(own, stream);
        if (!withDefault)
            return;
        using var ofProcess = Generator.Default;
        GeneratorState.Save(ofProcess, stream);
    }

    public void LoadState(Stream stream)
    {
        GeneratorState.Load(own, stream);
        if (!withDefault)
            return;
        using var ofProcess = Generator.Default;
        GeneratorState.Load(ofProcess, stream);
    }
}
