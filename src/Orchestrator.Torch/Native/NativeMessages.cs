using System.Reflection;

namespace Orchestrator.Torch.Native;

/// <summary>What the system says of a library that it cannot load, in a sentence that says what to do.</summary>
internal static class NativeMessages
{
    private const string NotFound = "cannot open shared object file";

    /// <summary>The sentence.</summary>
    /// <param name="message">What the system says: a line for each place it tried.</param>
    public static string Of(string message) => ReasonIn(message) is { } reason
        ? $"TorchSharp's native library cannot be loaded: {reason}"
        : $"TorchSharp's native library, or one that it needs, is not here{MissingIn(message)}: libtorch exists for linux-x64, osx-arm64, win-x64 and win-arm64. "
          + $"A program brings it by the package TorchSharp-cpu (for a GPU: TorchSharp-cuda-linux or TorchSharp-cuda-windows) {Assembly.Load("TorchSharp").GetName().Version?.ToString(3)}.";

    /// <summary>Of many tries, the one that found the library and could not use it; <see langword="null"/>: none found it.</summary>
    internal static string? ReasonIn(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(line =>
            !line.Contains(NotFound, StringComparison.Ordinal)
            && !line.StartsWith("Unable to load", StringComparison.Ordinal)
            && line.Contains(": ", StringComparison.Ordinal));

    /// <summary>Which library was not found, in brackets, where it is not the one that was asked for.</summary>
    internal static string MissingIn(string message) =>
        message.Split('\n').FirstOrDefault(line =>
            line.Contains(NotFound, StringComparison.Ordinal) && !line.Contains(TorchLibrary.Name, StringComparison.Ordinal))
            is { } line ? $" ({line.Split(':')[0].Trim()})" : "";
}
