using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch.State;

/// <summary>A module: its parameters and buffers as its state, and with its submodules as its parts.</summary>
internal sealed class ModuleState : StateAdapter
{
    public override bool Handles(object target) => target is nn.Module;

    public override IEnumerable<object> PartsOf(object target)
    {
        var module = (nn.Module)target;
        foreach (var (_, child) in module.named_children())
            yield return child;
        foreach (var (_, tensor) in Tensors(module, recurse: false))
            yield return tensor;
    }

    public override string? FindProblem(object target) => ModuleParts.FindProblem((nn.Module)target);

    public override void SaveState(object target, Stream stream)
    {
        var tensors = Tensors((nn.Module)target, recurse: true).ToList();
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(tensors.Count);
        foreach (var (name, tensor) in tensors)
        {
            writer.Write(name);
            TensorStream.Write(tensor, stream);
        }
    }

    public override void LoadState(object target, Stream stream)
    {
        var tensors = Tensors((nn.Module)target, recurse: true).ToList();
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var count = reader.ReadInt32();
        if (count != tensors.Count)
            throw new InvalidDataException($"it has {tensors.Count} parameters and buffers, saved were {count}. The model must be the same.");
        foreach (var (name, tensor) in tensors)
        {
            var saved = reader.ReadString();
            if (saved != name)
                throw new InvalidDataException($"it has '{name}' where '{saved}' was saved. The model must be the same.");
            TensorStream.Read(tensor, stream, $"'{name}'");
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Tensors(nn.Module module, bool recurse) =>
        module.named_parameters(recurse).Select(p => (p.name, (Tensor)p.parameter)).Concat(module.named_buffers(recurse).Select(b => (b.name, b.buffer)));
}

/// <summary>A tensor, as a part of modules or by itself.</summary>
internal sealed class TensorAdapter : StateAdapter
{
    public override bool Handles(object target) => target is Tensor;

    public override IEnumerable<object> PartsOf(object target) => StorageIdentity.Of((Tensor)target) is { } memory ? [memory] : [];

    public override void SaveState(object target, Stream stream) => TensorStream.Write((Tensor)target, stream);

    public override void LoadState(object target, Stream stream) => TensorStream.Read((Tensor)target, stream, "the tensor");
}
