using Orchestrator.Torch.Runs;
using static TorchSharp.torch;

namespace Orchestrator.Torch.State;

/// <summary>A generator on the CPU.</summary>
internal sealed class GeneratorAdapter : StateAdapter
{
    public override bool Handles(object target) => target is Generator;

    public override void SaveState(object target, Stream stream) => GeneratorState.Save((Generator)target, stream);

    public override void LoadState(object target, Stream stream) => GeneratorState.Load((Generator)target, stream);
}
