using System.Reflection;
using System.Runtime.Loader;
using Orchestrator.Configuration;

namespace Orchestrator.Execution;

/// <summary>The trainables that a host knows by name.</summary>
public sealed class TrainableRegistry
{
    private readonly Dictionary<string, (TrainableInfo Info, TrainableRunner Runner)> _known = new(StringComparer.Ordinal);

    /// <summary>What is registered, by name.</summary>
    public IReadOnlyCollection<TrainableInfo> Infos => [.. _known.Values.Select(k => k.Info)];

    /// <summary>Registers a class; <see cref="TrainableAttribute"/> on it tells the validator more.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public TrainableRegistry Add<T>(string name)
        where T : class, ITrainable => Add(name, InfoOf(name, typeof(T)), TrainableRunner.OfType(name, typeof(T)));

    /// <summary>Registers a delegate.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public TrainableRegistry Add(string name, Func<RunContext, CancellationToken, Task> body) =>
        Add(name, new TrainableInfo(name), TrainableRunner.OfDelegate(name, body));

    /// <summary>The runner of a reference. <exception cref="InvalidDefinitionException">There is none.</exception></summary>
    internal TrainableRunner Find(TrainableReference reference, string? sweepFile)
    {
        if (reference.Assembly is not null)
            return TrainableRunner.OfType(reference.Name, LoadType(reference, sweepFile));
        return _known.TryGetValue(reference.Name, out var found)
            ? found.Runner
            : throw Invalid($"There is no trainable '{reference.Name}'. Registered: {string.Join(", ", _known.Keys)}.");
    }

    private TrainableRegistry Add(string name, TrainableInfo info, TrainableRunner runner)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!_known.TryAdd(name, (info, runner)))
            throw new ArgumentException($"A trainable '{name}' is registered already.", nameof(name));
        return this;
    }

    private static TrainableInfo InfoOf(string name, Type type)
    {
        var said = type.GetCustomAttribute<TrainableAttribute>();
        return new TrainableInfo(name)
        {
            Description = said?.Description,
            Parameters = said is { Parameters.Length: > 0 } ? said.Parameters : null,
            Metrics = said is { Metrics.Length: > 0 } ? said.Metrics : null,
        };
    }

    private static Type LoadType(TrainableReference reference, string? sweepFile)
    {
        var folder = sweepFile is null ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(sweepFile))!;
        var path = Path.GetFullPath(reference.Assembly!, folder);
        try
        {
            var assembly = File.Exists(path)
                ? AssemblyLoadContext.Default.LoadFromAssemblyPath(path)
                : Assembly.Load(new AssemblyName(reference.Assembly!));
            var type = assembly.GetType(reference.Name)
                ?? throw Invalid($"The assembly '{reference.Assembly}' has no type '{reference.Name}'. Write its full name, with the namespace.");
            return typeof(ITrainable).IsAssignableFrom(type) && !type.IsAbstract
                ? type
                : throw Invalid($"The type '{reference.Name}' is no trainable: it must be a class that implements {nameof(ITrainable)}.");
        }
        catch (Exception cause) when (cause is IOException or BadImageFormatException)
        {
            throw Invalid($"The assembly '{reference.Assembly}' cannot be loaded (looked for '{path}'): {cause.Message}");
        }
    }

    private static InvalidDefinitionException Invalid(string message) => new([new DefinitionProblem("SWP040", "/trainable", message)]);
}
