using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch.Runs;

/// <summary>The device of a slot as TorchSharp's.</summary>
internal static class TorchDevice
{
    /// <param name="name"><c>cpu</c>, <c>cuda:1</c>, or several (<c>cuda:0,1</c>), of which the first is meant.</param>
    /// <exception cref="InvalidOperationException">TorchSharp cannot use the device; the message says why and what to do.</exception>
    public static Device Of(string name)
    {
        var first = name.Split(',')[0];
        if (first == "cpu")
            return CPU;
        if (!first.StartsWith("cuda", StringComparison.Ordinal))
            throw new InvalidOperationException($"The run was given the device '{name}'; TorchSharp runs on cpu and cuda.");
        if (!cuda.is_available())
            throw new InvalidOperationException(
                $"The run was given the device '{name}', and TorchSharp finds no CUDA device: build with -p:TorchBackend=cuda, look at 'doctor', or give runs none (--gpus none).");
        return new Device(first);
    }
}
