using System.Runtime.CompilerServices;
using Orchestrator.Torch;

namespace Orchestrator.Tests.Torch;

/// <summary>Tests use TorchSharp before any run does.</summary>
internal static class TorchModule
{
    [ModuleInitializer]
    internal static void Initialize() => RuntimeHelpers.RunModuleConstructor(typeof(TorchRun).Module.ModuleHandle);
}
