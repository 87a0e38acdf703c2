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
    public static bool LoadFor(object target) => Volatile.Read(ref _asked) == 0 && Find(target) is { } found && Load(found.Assembly);

    /// <summary>Loads those that are part of the program, before it uses the libraries that they know: some of them help a library to load, too.</summary>
    public static void LoadPresent()
    {
        if (Volatile.Read(ref _asked) != 0 || AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is not string files)
            return;
        foreach (var known in Known)
        {
            if (files.Contains($"{Path.DirectorySeparatorChar}{known.Assembly}.dll", StringComparison.Ordinal))
                Load(known.Assembly);
        }
    }

    /// <summary>The package whose assembly knows an object of this type; <see langword="null"/>: none does.</summary>
    public static string? PackageFor(object target) => Find(target)?.Package;

    private static bool Load(string assembly)
    {
        if (Interlocked.Exchange(ref _asked, 1) != 0)
            return false;
        try
        {
            RuntimeHelpers.RunModuleConstructor(Assembly.Load(assembly).ManifestModule.ModuleHandle);
            return true;
        }
        catch (Exception cause) when (cause is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return false; // the program goes without it
        }
    }

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
