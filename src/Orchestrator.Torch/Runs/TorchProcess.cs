using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Orchestrator.Torch.Runs;

/// <summary>What TorchSharp has once for the whole process: its native library and its threads.</summary>
internal static class TorchProcess
{
    private const string NativePackages = "TorchSharp-cpu (for a GPU: TorchSharp-cuda-linux or TorchSharp-cuda-windows)";

    private static readonly Lock Gate = new();
    private static bool _prepared;

    /// <summary>Held by whoever draws from the default generator while others share the process.</summary>
    public static Lock DefaultGenerator { get; } = new();

    /// <summary>
    /// Loads the native library and sets its threads to what the run's slot has: <c>OMP_NUM_THREADS</c>, else 1. More threads than
    /// processors are worse than none: they wait for each other by spinning.
    /// </summary>
    /// <exception cref="NotSupportedException">The native library cannot be loaded; the message says what was tried.</exception>
    public static void Prepare()
    {
        lock (Gate)
        {
            if (_prepared)
                return;
            Load();
            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(Threads(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")));
            torch.set_num_interop_threads(1); // a second call ends the process
            _prepared = true;
        }
    }

    /// <summary>
    /// As TorchSharp itself does it, but before: what it says of a library that cannot be loaded is two pages long, goes to standard output, and leaves
    /// out the reason.
    /// </summary>
    private static void Load()
    {
        var assembly = typeof(torch).Assembly;
        if (!NativeLibrary.TryLoad("torch_cuda", assembly, null, out _))
            NativeLibrary.TryLoad("torch_cpu", assembly, null, out _);
        try
        {
            NativeLibrary.Load("LibTorchSharp", assembly, null);
        }
        catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException)
        {
            throw new NotSupportedException(
                ReasonIn(cause.Message) is { } reason
                    ? $"TorchSharp's native library cannot be loaded: {reason}"
                    : $"TorchSharp's native library, or one that it needs, is not here{MissingIn(cause.Message)}: add the package {NativePackages} of version {typeof(torch).Assembly.GetName().Version?.ToString(3)} to the program.",
                cause);
        }
    }

    /// <summary>Of many tries, the one that found the library and could not use it; <see langword="null"/>: none found it.</summary>
    internal static string? ReasonIn(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(line =>
            line.Contains(": ", StringComparison.Ordinal)
            && !line.Contains("cannot open shared object file", StringComparison.Ordinal)
            && !line.StartsWith("Unable to load", StringComparison.Ordinal));

    /// <summary>Which library was not found, in brackets, where it is not the one that was asked for.</summary>
    internal static string MissingIn(string message) =>
        message.Split('\n').FirstOrDefault(line =>
            line.Contains("cannot open shared object file", StringComparison.Ordinal) && !line.Contains("LibTorchSharp", StringComparison.Ordinal))
            is { } line ? $" ({line.Split(':')[0].Trim()})" : "";

    /// <summary>How many threads a setting means; anything but a number from 1 on means one. 0 would end the process.</summary>
    public static int Threads(string? setting) =>
        int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads >= 1 ? threads : 1;
}
