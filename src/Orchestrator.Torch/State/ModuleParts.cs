using System.Collections;
using System.Reflection;
using static TorchSharp.torch;

namespace Orchestrator.Torch.State;

/// <summary>
/// Finds what a module holds and does not name among its parts: TorchSharp trains, moves and saves only what was registered with the module. What hides in a
/// list, or in a field of a module that never called <c>RegisterComponents</c>, is silently left out of optimizers and checkpoints.
/// </summary>
internal static class ModuleParts
{
    /// <summary>What is wrong with a module, and what to do; <see langword="null"/>: nothing.</summary>
    public static string? FindProblem(nn.Module module)
    {
        if (IsDisposed(module))
            return "it is disposed. Make one for each run.";
        if (module.named_modules().FirstOrDefault(part => IsDisposed(part.module)) is { module: not null } disposed)
            return $"its part '{disposed.name}' is disposed. Make one for each run.";
        var modules = new HashSet<nn.Module>(module.modules(), ReferenceEqualityComparer.Instance) { module };
        var tensors = module.parameters().Concat(module.buffers()).Select(tensor => tensor.Handle).ToHashSet();
        return modules.SelectMany(part => FindHidden(part, modules, tensors)).FirstOrDefault();
    }

    /// <summary>A disposed module does not name its parameters any more, so they are looked for in its fields.</summary>
    private static bool IsDisposed(nn.Module module)
    {
        for (var type = module.GetType(); type != typeof(object); type = type.BaseType!)
        {
            if (DeclaredFields(type).Any(field => field.GetValue(module) is TorchSharp.Modules.Parameter { IsInvalid: true }))
                return true;
        }

        return false;
    }

    private static IEnumerable<string> FindHidden(nn.Module module, HashSet<nn.Module> modules, HashSet<nint> tensors)
    {
        var type = module.GetType();
        if (module is IEnumerable elements && Items(elements).Any(IsHidden))
            yield return $"what is in the {Name(type)} is no part of it. It names its elements only once it is a part of a module that calls RegisterComponents() in its constructor; a Sequential does at once.";
        foreach (var field in Fields(type))
        {
            var value = field.GetValue(module);
            if (IsHidden(value))
                yield return $"'{field.Name}' of {type.Name} is no part of it. Call RegisterComponents() at the end of its constructor.";
            else if (value is ICollection and not nn.Module && Items((ICollection)value).Any(IsHidden))
                yield return $"what is in '{field.Name}' of {type.Name} is no part of it. Use a ModuleList, ModuleDict, ParameterList or ParameterDict, and call RegisterComponents() at the end of its constructor.";
        }

        bool IsHidden(object? value) => value switch
        {
            nn.Module part => !modules.Contains(part) && part.parameters().Any(parameter => !parameter.IsInvalid && parameter.requires_grad),
            Tensor tensor => !tensor.IsInvalid && tensor.requires_grad && tensor.is_leaf && !tensors.Contains(tensor.Handle),
            _ => false,
        };
    }

    /// <summary>The elements of a list, the values of a dictionary.</summary>
    private static IEnumerable<object?> Items(IEnumerable elements)
    {
        foreach (var element in elements is IDictionary dictionary ? dictionary.Values : elements)
        {
            switch (element)
            {
                case nn.Module or Tensor:
                    yield return element;
                    break;
                case not null when element.GetType() is { IsGenericType: true } pair && pair.GetGenericTypeDefinition() == typeof(KeyValuePair<,>):
                    yield return pair.GetProperty("Value")!.GetValue(element);
                    break;
                case ValueTuple<string, nn.Module> named:
                    yield return named.Item2;
                    break;
                default:
                    yield break; // a list of something else
            }
        }
    }

    /// <summary>The fields of the user's own classes; TorchSharp's hold what they please.</summary>
    private static IEnumerable<FieldInfo> Fields(Type? type)
    {
        for (; type is not null && type.Assembly != typeof(nn.Module).Assembly; type = type.BaseType)
        {
            foreach (var field in DeclaredFields(type))
                yield return field;
        }
    }

    private static IEnumerable<FieldInfo> DeclaredFields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(field => !field.FieldType.IsValueType && field.FieldType != typeof(string));

    private static string Name(Type type) => type.Name.Split('`')[0];
}
