using System.Numerics;
using System.Reflection;
using System.Runtime.Loader;
using Orchestrator.Configuration;
using Orchestrator.Text;

namespace Orchestrator.Execution;

/// <summary>The trainables that a host knows by name.</summary>
public sealed class TrainableRegistry
{
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>What is registered, by name.</summary>
    public IReadOnlyCollection<TrainableInfo> Infos => [.. _known.Values.Select(k => k.Info)];

    /// <summary>Registers a class; <see cref="TrainableAttribute"/> on it tells the validator more.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public TrainableRegistry Add<T>(string name)
        where T : class, ITrainable => Add(name, new Known(TrainableRunner.OfType(name, typeof(T)), () => InfoOf(name, typeof(T)), typeof(T)));

    /// <summary>Registers a delegate.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public TrainableRegistry Add(string name, Func<RunContext, CancellationToken, Task> body) =>
        Add(name, new Known(TrainableRunner.OfDelegate(name, body), () => new TrainableInfo(name)));

    /// <summary>Registers a delegate that returns the value of the sweep's metric, which is reported for it.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public TrainableRegistry Add<T>(string name, Func<RunContext, CancellationToken, Task<T>> body)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(body);
        return Add(name, ReturnedObjective.Reporting(body));
    }

    /// <summary>Whether something is registered under a name.</summary>
    internal bool Knows(string name) => _known.ContainsKey(name);

    /// <summary>The runner of a reference. <exception cref="InvalidDefinitionException">There is none.</exception></summary>
    internal TrainableRunner Find(TrainableReference reference, string? sweepFile)
    {
        if (reference.Assembly is not null)
            return TrainableRunner.OfType(reference.Name, LoadType(reference, sweepFile));
        return _known.TryGetValue(reference.Name, out var found)
            ? found.Runner
            : throw Invalid($"There is no trainable '{reference.Name}'. Registered: {string.Join(", ", _known.Keys)}.");
    }

    private TrainableRegistry Add(string name, Known known)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!_known.TryAdd(name, known))
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
            Isolation = IsolationOf(type),
        };
    }

    /// <summary>Where runs of a reference are executed if the sweep does not say.</summary>
    internal RunIsolation IsolationOf(TrainableReference reference, string? sweepFile) => reference.Assembly is not null
        ? IsolationOf(LoadType(reference, sweepFile))
        : _known.TryGetValue(reference.Name, out var found) ? found.Info.Isolation : RunIsolation.Thread;

    /// <summary>What runs of a reference need; <see langword="null"/>: nothing in particular.</summary>
    internal RunRequirement? RequirementOf(TrainableReference reference, string? sweepFile)
    {
        var type = reference.Assembly is not null ? LoadType(reference, sweepFile) : _known.GetValueOrDefault(reference.Name)?.Type;
        return type is null ? null : AttributeOf<RequiresAttribute>(type)?.Create();
    }

    private static RunIsolation IsolationOf(Type type) => AttributeOf<IsolationAttribute>(type)?.Isolation ?? RunIsolation.Thread;

    /// <summary>What a trainable says, or else the first of the services that it takes.</summary>
    private static T? AttributeOf<T>(Type type)
        where T : Attribute =>
        type.GetCustomAttribute<T>()
        ?? type.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.ParameterType.GetCustomAttribute<T>()).FirstOrDefault(said => said is not null);

    private static Type LoadType(TrainableReference reference, string? sweepFile)
    {
        var folder = sweepFile is null ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(sweepFile))!;
        var path = Path.GetFullPath(UserPath.Expand(reference.Assembly!), folder);
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

    /// <summary>A trainable; what it says of itself is read when first asked for, which a worker's process never does.</summary>
    private sealed class Known(TrainableRunner runner, Func<TrainableInfo> describe, Type? type = null)
    {
        /// <summary>Its class; <see langword="null"/>: it is a delegate.</summary>
        public Type? Type => type;

        public TrainableRunner Runner => runner;

        public TrainableInfo Info => field ??= describe();
    }
}
