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
        where T : class, ITrainable => Add(name, new Known(TrainableRunner.OfType(name, typeof(T)), () => InfoOf(name, typeof(T))));

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

    /// <summary>
    /// Names a trainable that this program could have and has not, an optional package missing: a sweep that asks for it is invalid, and says why.
    /// </summary>
    /// <param name="name">The trainable's name.</param>
    /// <param name="reason">Why it is missing and what to do, as the rest of a sentence: <c>it needs ...</c>.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public TrainableRegistry AddMissing(string name, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return AddMissing(name, () => reason);
    }

    /// <summary>The same with a reason that is put together once somebody asks.</summary>
    internal TrainableRegistry AddMissing(string name, Func<string> reason)
    {
        var runner = TrainableRunner.OfDelegate(name, (_, _) => throw new InvalidOperationException(reason())); // Find hands it to nobody
        return Add(name, new Known(runner, () => new TrainableInfo(name) { Missing = reason() }, isMissing: true));
    }

    /// <summary>Whether something is registered under a name, missing or not.</summary>
    internal bool Knows(string name) => _known.ContainsKey(name);

    /// <summary>The runner of a reference. <exception cref="InvalidDefinitionException">There is none.</exception></summary>
    internal TrainableRunner Find(TrainableReference reference, string? sweepFile)
    {
        if (reference.Assembly is not null)
            return TrainableRunner.OfType(reference.Name, LoadType(reference, sweepFile));
        return _known.TryGetValue(reference.Name, out var found)
            ? !found.IsMissing ? found.Runner : throw Invalid(found.Info.MissingMessage)
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

    private static RunIsolation IsolationOf(Type type) =>
        (type.GetCustomAttribute<IsolationAttribute>()
            ?? type.GetConstructors().SelectMany(c => c.GetParameters())
                .Select(p => p.ParameterType.GetCustomAttribute<IsolationAttribute>()).FirstOrDefault(said => said is not null))?.Isolation
        ?? RunIsolation.Thread;

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
    private sealed class Known(TrainableRunner runner, Func<TrainableInfo> describe, bool isMissing = false)
    {
        public bool IsMissing => isMissing;

        public TrainableRunner Runner => runner;

        public TrainableInfo Info => field ??= describe();
    }
}
