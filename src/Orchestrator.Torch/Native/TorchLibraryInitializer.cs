using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Orchestrator.Torch.Native;

/// <summary>Hands TorchSharp the native library where it does not find one that works: also to code that uses it before a <see cref="TorchRun"/> exists.</summary>
internal static class TorchLibraryInitializer
{
    /// <summary>Registers the answer; nothing is loaded yet.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The ModuleInitializer attribute should not be used in libraries", Justification = "It must precede the first use of TorchSharp, of which this library is not told.")]
    internal static void Register() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;

    /// <summary>Asked after the usual search. An exception becomes part of what TorchSharp says.</summary>
    private static nint Resolve(Assembly assembly, string name) =>
        name == TorchLibrary.Name && OperatingSystem.IsLinux() ? TorchLibrary.Load().Handle : 0;
}
