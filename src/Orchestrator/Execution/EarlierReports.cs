using Orchestrator.Storage;

namespace Orchestrator.Execution;

/// <summary>
/// What the attempts before one have reported, where the attempt goes on from where they stood. The attempt's reports show from which step: what they
/// had said of a metric from there on is replaced. An attempt that begins no later than they did starts over. Safe for concurrent use.
/// </summary>
internal sealed class EarlierReports
{
    private readonly Lock _gate = new();
    private readonly ISweepStore _store;
    private readonly ReportBuffer _reports;
    private readonly Lazy<Dictionary<string, Metric>> _metrics;
    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private readonly ReportBase? _base;
    private readonly Action<long>? _wentOn;
    private bool _isEmpty;

    /// <summary>Of a run that is taken up again, whose attempts add up.</summary>
    public EarlierReports(ISweepStore store, ReportBuffer reports)
    {
        (_store, _reports) = (store, reports);
        _metrics = new(() => Read(store, reports).Metrics); // most runs that are taken up again restore a checkpoint, and never ask
    }

    private EarlierReports(ISweepStore store, ReportBuffer reports, Dictionary<string, Metric> metrics, ReportBase taken, Action<long> wentOn) =>
        (_store, _reports, _metrics, _base, _wentOn) = (store, reports, new(metrics), taken, wentOn);

    /// <summary>The step behind the last one.</summary>
    public long NextStep => _isEmpty ? 0 : Math.Max(_metrics.Value.Values.Max(m => m.MaxStep), -1) + 1;

    /// <summary>Makes what the attempts before have reported the attempt's own.</summary>
    /// <param name="store">The store, which has taken all of it.</param>
    /// <param name="reports">The attempt's reports.</param>
    /// <param name="wentOn">Is told the last step before the attempt's own, once its first report shows it.</param>
    /// <returns><see langword="null"/>: they have reported nothing.</returns>
    public static EarlierReports? TakeOver(ISweepStore store, ReportBuffer reports, Action<long> wentOn)
    {
        var (metrics, attempt, points) = Read(store, reports);
        if (metrics.Count == 0)
            return null;
        var taken = new ReportBase(attempt, points, metrics.Values.Max(m => m.MaxStep), [.. metrics.Select(m => KeyValuePair.Create(m.Key, m.Value.Summary))]);
        reports.Rebase(taken);
        return new EarlierReports(store, reports, metrics, taken, wentOn);
    }

    /// <summary>
    /// What a checkpoint takes over, with the values of its step that were reported right after it was saved, where none had been before: the attempt that
    /// goes on begins with the next step, and reports them no more.
    /// </summary>
    /// <param name="store">The store, which has taken all that the checkpoint's attempt reported.</param>
    /// <param name="run">The run.</param>
    /// <param name="taken">What had been reported when it was saved.</param>
    public static ReportBase WithLateValues(ISweepStore store, RunKey run, ReportBase taken)
    {
        var before = taken.Summaries.ToDictionary(StringComparer.Ordinal);
        var summaries = before.ToDictionary(StringComparer.Ordinal);
        var points = taken.Points;
        foreach (var (attempt, position, point) in store.SeriesBeforeAsync(run, taken.Attempt + 1, taken.Points).ToBlockingEnumerable())
        {
            if (attempt != taken.Attempt || position != points || point.Step != taken.Step || (before.TryGetValue(point.Metric, out var earlier) && earlier.LastStep >= taken.Step))
                break;
            summaries[point.Metric] = summaries.TryGetValue(point.Metric, out var known) ? known.With(point) : MetricSummary.Of(point);
            points++;
        }

        return points == taken.Points ? taken : taken with { Points = points, Summaries = [.. summaries] };
    }

    /// <summary>Before the attempt's values are added: drops what they replace. True as for <see cref="ReportBuffer.Append"/>.</summary>
    public bool Meet(ReadOnlySpan<MetricPoint> points)
    {
        lock (_gate)
        {
            if (_isEmpty || points.IsEmpty)
                return false;
            var step = points[0].Step;
            var wasEmpty = _met.Count == 0 && _base is not null && BeginAt(step);
            foreach (ref readonly var point in points)
            {
                if (_met.Add(point.Metric) && !_isEmpty && _metrics.Value.TryGetValue(point.Metric, out var earlier) && earlier.MaxStep >= step)
                    wasEmpty |= _reports.Replace(new(point.Metric, step), Rest(point.Metric, step));
            }

            return wasEmpty;
        }
    }

    private bool BeginAt(long step)
    {
        var metrics = _metrics.Value.Values;
        if (metrics.Min(m => m.MinStep) >= step)
        {
            _isEmpty = true;
            return _reports.StartOver();
        }

        // Only now it is known from where; nothing of the attempt's own has been reported.
        var last = metrics.Where(m => m.MinStep < step).Max(m => Math.Min(m.MaxStep, step - 1));
        _wentOn!(last);
        return _reports.Rebase(_base! with { Step = last });
    }

    private MetricSummary? Rest(string metric, long step)
    {
        MetricSummary? rest = null;
        foreach (var (_, _, point) in Series(_store, _reports))
        {
            if (point.Metric == metric && point.Step < step)
                rest = rest?.With(point) ?? MetricSummary.Of(point);
        }

        return rest;
    }

    private static (Dictionary<string, Metric> Metrics, int Attempt, long Points) Read(ISweepStore store, ReportBuffer reports)
    {
        var metrics = new Dictionary<string, Metric>(StringComparer.Ordinal);
        var (last, points) = (0, 0L);
        foreach (var (attempt, position, point) in Series(store, reports))
        {
            (last, points) = (attempt, position + 1);
            metrics[point.Metric] = metrics.TryGetValue(point.Metric, out var known)
                ? new(known.Summary.With(point), Math.Min(known.MinStep, point.Step), Math.Max(known.MaxStep, point.Step))
                : new(MetricSummary.Of(point), point.Step, point.Step);
        }

        return (metrics, last, points);
    }

    // The attempt's reports are taken on a thread that waits for the store anyway where the store is behind; this happens once for each metric at most.
    private static IEnumerable<(int Attempt, long Position, MetricPoint Point)> Series(ISweepStore store, ReportBuffer reports) =>
        store.SeriesBeforeAsync(reports.Run, reports.Attempt).ToBlockingEnumerable();

    private readonly record struct Metric(MetricSummary Summary, long MinStep, long MaxStep);
}
