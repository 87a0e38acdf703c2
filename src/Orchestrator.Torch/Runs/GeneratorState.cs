using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch.Runs;

/// <summary>Writes and reads the state of a generator on the CPU.</summary>
internal static class GeneratorState
{
    public static void Save(Generator generator, Stream stream)
    {
        using var state = generator.get_state();
        stream.Write(state.bytes);
    }

    /// <exception cref="EndOfStreamException">The saved state is shorter than this library's are.</exception>
    public static void Load(Generator generator, Stream stream)
    {
        using var state = generator.get_state(); // of the one size that is taken: any other ends the process
        stream.ReadExactly(state.bytes);
        generator.set_state(state);
    }
}
