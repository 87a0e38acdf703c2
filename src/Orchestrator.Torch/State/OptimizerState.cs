using System.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Orchestrator.Torch.State;

/// <summary>An optimizer: moments and step counts of its parameters, and its options with the learning rate it has just then.</summary>
internal sealed class OptimizerState : StateAdapter
{
    public override bool Handles(object target) => target is optim.Optimizer;

    public override IEnumerable<object> PartsOf(object target) => ((optim.Optimizer)target).parameters();

    public override void SaveState(object target, Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        Helper(target).save_state_dict(writer);
    }

    public override void LoadState(object target, Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        Helper(target).load_state_dict(reader);
    }

    private static OptimizerHelper Helper(object target) => target as OptimizerHelper
        ?? throw new NotSupportedException($"TorchSharp cannot save the state of {target.GetType().Name}: use another optimizer, or no checkpoints.");
}
