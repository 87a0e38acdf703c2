using Orchestrator.Storage;

namespace Orchestrator.Execution;

/// <summary>What an attempt takes over of the attempts before it, as far as it has been read.</summary>
internal sealed class TakenSeries
{
    private readonly Dictionary<string, TakenMetric> _metrics = new(StringComparer.Ordinal);
    private int _attempt;
    private long _points;

    /// <summary>Nothing.</summary>
    public static TakenSeries None { get; } = new();

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, TakenMetric> Metrics => _metrics;

    public bool IsEmpty => _metrics.Count == 0;

    /// <summary>The step behind the last one.</summary>
    public long NextStep => IsEmpty ? 0 : Math.Max(_metrics.Values.Max(m => m.MaxStep), -1) + 1;

    /// <summary>Adds the next value, in order.</summary>
    public void Add(int attempt, long position, in MetricPoint point)
    {
        (_attempt, _points) = (attempt, position + 1);
        _metrics[point.Metric] = _metrics.TryGetValue(point.Metric, out var known)
            ? new(known.Summary.With(point), Math.Min(known.MinStep, point.Step), Math.Max(known.MaxStep, point.Step))
            : new(MetricSummary.Of(point), point.Step, point.Step);
    }

    /// <summary>As it stands now.</summary>
    public TakenSeries Copy()
    {
        var copy = new TakenSeries { _attempt = _attempt, _points = _points };
        foreach (var (name, metric) in _metrics)
            copy._metrics.Add(name, metric);
        return copy;
    }

    /// <param name="step">The last step that counts.</param>
    public ReportBase ToBase(long step) => new(_attempt, _points, step, [.. _metrics.Select(m => KeyValuePair.Create(m.Key, m.Value.Summary))]);
}

/// <summary>The values of one metric that are taken over.</summary>
internal readonly record struct TakenMetric(MetricSummary Summary, long MinStep, long MaxStep);
