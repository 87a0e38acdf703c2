using System.Globalization;
using Orchestrator.Torch.Native;
using TorchSharp;

namespace Orchestrator.Torch.Runs;

/// <summary>What TorchSharp has once for the whole process: its native library and its threads.</summary>
internal static class TorchProcess
{
    private static readonly Lock Gate = new();
    private static bool _prepared;

    /// <summary>Held by whoever draws from the default generator while others share the process.</summary>
    public static Lock DefaultGenerator { get; } = new();

    /// <summary>The native library that was loaded; <see langword="null"/>: none yet.</summary>
    public static LoadedLibrary? Library { get; private set; }

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
            Library = TorchLibrary.Load();
            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(Threads(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")));
            torch.set_num_interop_threads(1); // a second call ends the process
            _prepared = true;
        }
    }

    /// <summary>How many threads a setting means; anything but a number from 1 on means one. 0 would end the process.</summary>
    public static int Threads(string? setting) =>
        int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads >= 1 ? threads : 1;
}
