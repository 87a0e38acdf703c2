using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orchestrator.Experiments.Checkpoints;

/// <summary>
/// Assemblies that make <see cref="StateAdapter"/>s known when they are loaded, by the library whose objects they know. An experiment needs no host that
/// would be told of them.
/// </summary>
internal static class AdapterAssemblies
{
    private static readonly (string Library, string Assembly, string Package)[] Known = [("TorchSharp", "Orchestrator.Torch", "Orchestrator.Sweeps.Torch")];
    private static int _asked;

    /// <summary>Loads the assembly that knows an object, where the program has it.</summary>
    /// <returns>Whether it was loaded now: its adapters are known from here on.</returns>
    public static bool LoadFor(object target)
    {
        if (Volatile.Read(ref _asked) != 0 || Find(target) is not { } found || Interlocked.Exchange(ref _asked, 1) != 0)
            return false;
        try
        {
            RuntimeHelpers.RunModuleConstructor(Assembly.Load(found.Assembly).ManifestModule.ModuleHandle);
            return true;
        }
        catch (Exception cause) when (cause is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return false; // the program goes without it
        }
    }

    /// <summary>The package whose assembly knows an object of this type; <see langword="null"/>: none does.</summary>
    public static string? PackageFor(object target) => Find(target)?.Package;

    private static (string Library, string Assembly, string Package)? Find(object target)
    {
        for (var type = target.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var known in Known)
            {
                if (type.Assembly.GetName().Name == known.Library)
                    return known;
            }
        }

        return null;
    }
}
