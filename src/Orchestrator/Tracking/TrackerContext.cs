using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Tracking;

/// <summary>What a tracker is made from: the attempt that it will be told of, its options, the host's services.</summary>
public sealed class TrackerContext
{
    private readonly TrackerInfo _info;
    private readonly TrackerReference _reference;
    private readonly Lazy<AsyncServiceScope> _scope;
    private readonly Action<long, string> _lost;

    internal TrackerContext(
        RunInfo run, TrackerInfo info, TrackerReference reference, IServiceProvider? services = null, Action<long, string>? lost = null)
    {
        Run = run;
        _info = info;
        _reference = reference;
        _lost = lost ?? (static (_, _) => { });
        _scope = new Lazy<AsyncServiceScope>(() =>
        {
            var scope = (services ?? throw new InvalidOperationException("There are no services here.")).CreateAsyncScope();
            if (scope.ServiceProvider.GetService<TrackerContextSlot>() is { } slot)
                slot.Context = this;
            return scope;
        });
    }

    /// <summary>The attempt.</summary>
    public RunInfo Run { get; }

    /// <summary>The tracker's name.</summary>
    public string Tracker => _reference.Type;

    /// <summary>The options as they were given, by name.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Options => _reference.Options;

    /// <summary>The host's services, in a scope that is disposed after the tracker.</summary>
    public IServiceProvider Services => _scope.Value.ServiceProvider;

    /// <summary>An option that is text.</summary>
    /// <exception cref="ArgumentException">It is not, or none of the texts it may be.</exception>
    public string Text(string option, string fallback) => Find(option, ParameterKind.Text) is { } value ? value.AsText() : fallback;

    /// <summary>An option that is true or false.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public bool Flag(string option, bool fallback) => Find(option, ParameterKind.Boolean) is { } value ? value.AsBoolean() : fallback;

    /// <summary>An option that is a whole number.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public long Integer(string option, long fallback) => Find(option, ParameterKind.Integer) is { } value ? value.AsInt64() : fallback;

    /// <summary>An option that is a number.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public double Number(string option, double fallback) => Find(option, ParameterKind.Float) is { } value ? value.AsDouble() : fallback;

    /// <summary>
    /// Counts values that the tracker took and then lost, for one that buffers. A value is else taken as delivered when
    /// <see cref="ITracker.ReportAsync"/> returns. May be called from any thread, until the tracker is disposed.
    /// </summary>
    /// <param name="points">How many; at least 0.</param>
    /// <param name="reason">Why, in one line.</param>
    public void Lost(long points, string reason)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(points);
        _lost(points, reason);
    }

    internal ValueTask CloseAsync() => _scope.IsValueCreated ? _scope.Value.DisposeAsync() : default;

    private ParameterValue? Find(string option, ParameterKind kind)
    {
        if (!Options.TryGetValue(option, out var value))
            return null;
        if (!kind.Accepts(value))
            throw Wrong(kind.InWords());
        return _info.Options.TryGetValue(option, out var known) && known.Choices is { } choices && !choices.Contains(value.AsText())
            ? throw Wrong("one of " + string.Join(", ", choices))
            : value;

        ArgumentException Wrong(string expected) =>
            new($"The option '{option}' of tracker '{Tracker}' must be {expected}; got '{value}'.");
    }
}

/// <summary>Hands the context to the tracker's scope.</summary>
internal sealed class TrackerContextSlot
{
    public TrackerContext? Context { get; set; }
}
