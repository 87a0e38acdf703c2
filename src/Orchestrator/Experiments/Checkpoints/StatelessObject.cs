using System.Collections;

namespace Orchestrator.Experiments.Checkpoints;

/// <summary>Says why an object whose state nothing can save is not taken in, and what to do instead.</summary>
internal static class StatelessObject
{
    /// <summary>The message of the exception.</summary>
    /// <param name="name">The name under which it was to be registered.</param>
    /// <param name="target">The object.</param>
    public static string Refusal(string name, object target) =>
        $"'{name}' ({NameOf(target.GetType())}) cannot be registered: no checkpoint would hold its state. {Remedy(target)}";

    private static string Remedy(object target)
    {
        if (AdapterAssemblies.PackageFor(target) is { } package && StateAdapter.Of(target) is null)
            return $"The package {package} knows how the library's objects are saved: add it to the program. What has no state is taken in by Own.";
        if (target is IEnumerable)
            return "Register each object in it under a name of its own, or put them into a module that holds them as its parts.";
        return $"Implement ICheckpointable, or add a StateAdapter for {NameOf(target.GetType())} (StateAdapter.Add). What has no state is taken in by Own.";
    }

    private static string NameOf(Type type) =>
        type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : type.Name;
}
