using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Orchestrator.Torch.Diagnostics;

/// <summary>
/// The libtorch that this process has loaded, which need not be the one that TorchSharp was made for: <c>torch.__version__</c> is a constant of that.
/// </summary>
/// <param name="Path">Its file.</param>
/// <param name="Version">What it says itself (libtorch 2.9 and later), else what its file's name says; <see langword="null"/>: neither does.</param>
internal sealed record LoadedLibtorch(string Path, Version? Version)
{
    private const string AbiVersion = "aoti_torch_abi_version";

    /// <summary>Looks among the process's libraries; <see langword="null"/>: it is not among them.</summary>
    public static LoadedLibtorch? Find()
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            if (IsLibtorch(module.FileName))
                return new LoadedLibtorch(module.FileName, Told(module.FileName) ?? Named(module.FileName));
        }

        return null;
    }

    /// <summary>Whether a file is the library that libtorch's version is asked of: its part for the processor, which is there on a GPU, too.</summary>
    internal static bool IsLibtorch(string path) =>
        System.IO.Path.GetFileName(path) is var name
        && (name.StartsWith("libtorch_cpu.", StringComparison.OrdinalIgnoreCase) || name.Equals("torch_cpu.dll", StringComparison.OrdinalIgnoreCase));

    /// <summary>The version in a name such as <c>libtorch_cpu.so.1.13.0</c> or <c>libtorch_cpu.1.13.dylib</c>.</summary>
    internal static Version? Named(string path)
    {
        var numbers = System.IO.Path.GetFileName(path).Split('.').Where(part => part.Length > 0 && part.All(char.IsAsciiDigit));
        return Version.TryParse(string.Join('.', numbers), out var version) ? version : null;
    }

    /// <summary>The version in a number as libtorch says it: a byte each for major, minor and patch, from the top.</summary>
    internal static Version Of(ulong number) => new((int)(number >> 56), (int)(number >> 48 & 0xFF), (int)(number >> 40 & 0xFF));

    private static Version? Told(string path)
    {
        if (!NativeLibrary.TryLoad(path, out var library))
            return null;
        try
        {
            return NativeLibrary.TryGetExport(library, AbiVersion, out var function)
                ? Of(Marshal.GetDelegateForFunctionPointer<AskVersion>(function)())
                : null;
        }
        finally
        {
            NativeLibrary.Free(library); // was loaded before: it stays
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate ulong AskVersion();
}
