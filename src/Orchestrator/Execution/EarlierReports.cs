using Orchestrator.Storage;

namespace Orchestrator.Execution;

/// <summary>
/// What the attempts before one have reported, where the attempt goes on from where they stood. The attempt's reports show from which step: what they
/// had said of a metric from there on is replaced. An attempt that begins no later than they did starts over. Reports without steps show nothing: then
/// counts what had been reported when the state was saved. Safe for concurrent use.
/// </summary>
internal sealed class EarlierReports
{
    /// <summary>A report is stamped when it is read: so much later than a program that saves right behind it printed it, at most.</summary>
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ISweepStore _store;
    private readonly ReportBuffer _reports;
    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private readonly Lazy<TakenSeries> _all;
    private readonly TakenSeries? _saved;
    private readonly Action<long>? _wentOn;
    private TakenSeries? _taken;

    /// <summary>Of a run that is taken up again, whose attempts add up.</summary>
    public EarlierReports(ISweepStore store, ReportBuffer reports)
    {
        (_store, _reports) = (store, reports);
        _all = new(() => Read(store, reports, null).All); // most runs that are taken up again restore a checkpoint, and never ask
    }

    private EarlierReports(ISweepStore store, ReportBuffer reports, TakenSeries all, TakenSeries saved, Action<long> wentOn) =>
        (_store, _reports, _all, _saved, _wentOn) = (store, reports, new(all), saved, wentOn);

    /// <summary>The step behind the last one.</summary>
    public long NextStep => Taken.NextStep;

    /// <summary>Makes what the attempts before have reported the attempt's own.</summary>
    /// <param name="store">The store, which has taken all of it.</param>
    /// <param name="reports">The attempt's reports.</param>
    /// <param name="savedAt">When the state was saved that the attempt goes on from.</param>
    /// <param name="wentOn">Is told the last step before the attempt's own, once its first report shows it.</param>
    /// <returns><see langword="null"/>: they have reported nothing.</returns>
    public static EarlierReports? TakeOver(ISweepStore store, ReportBuffer reports, DateTimeOffset savedAt, Action<long> wentOn)
    {
        var (all, saved) = Read(store, reports, savedAt + Reading);
        if (all.IsEmpty)
            return null;
        reports.Rebase(all.ToBase(all.NextStep - 1));
        return new EarlierReports(store, reports, all, saved, wentOn);
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

    /// <summary>Before a first value that names no step: what was reported after the state was saved is given up. True as for <see cref="ReportBuffer.Append"/>.</summary>
    public bool BeginWithoutStep()
    {
        lock (_gate)
        {
            if (_saved is null || _met.Count > 0 || _taken is not null)
                return false;
            _taken = _saved;
            return _saved.IsEmpty ? _reports.StartOver() : _reports.Rebase(_saved.ToBase(_saved.NextStep - 1));
        }
    }

    /// <summary>Before the attempt's values are added: drops what they replace. True as for <see cref="ReportBuffer.Append"/>.</summary>
    public bool Meet(ReadOnlySpan<MetricPoint> points)
    {
        lock (_gate)
        {
            if (points.IsEmpty || Taken.IsEmpty)
                return false;
            var step = points[0].Step;
            var wasEmpty = _met.Count == 0 && _saved is not null && BeginAt(step);
            foreach (ref readonly var point in points)
            {
                if (_met.Add(point.Metric) && Taken.Metrics.TryGetValue(point.Metric, out var earlier) && earlier.MaxStep >= step)
                    wasEmpty |= _reports.Replace(new(point.Metric, step), Rest(point.Metric, step));
            }

            return wasEmpty;
        }
    }

    private TakenSeries Taken => _taken ?? _all.Value;

    private bool BeginAt(long step)
    {
        var metrics = Taken.Metrics.Values;
        if (metrics.Min(m => m.MinStep) >= step)
        {
            _taken = TakenSeries.None;
            return _reports.StartOver();
        }

        // Only now it is known from where; nothing of the attempt's own has been reported.
        var last = metrics.Where(m => m.MinStep < step).Max(m => Math.Min(m.MaxStep, step - 1));
        _wentOn!(last);
        return _reports.Rebase(Taken.ToBase(last));
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

    private static (TakenSeries All, TakenSeries Saved) Read(ISweepStore store, ReportBuffer reports, DateTimeOffset? until)
    {
        var all = new TakenSeries();
        TakenSeries? saved = null;
        foreach (var (attempt, position, point) in Series(store, reports))
        {
            if (saved is null && point.At > until)
                saved = all.Copy();
            all.Add(attempt, position, point);
        }

        return (all, saved ?? all);
    }

    // The attempt's reports are taken on a thread that waits for the store anyway where the store is behind; this happens once for each metric at most.
    private static IEnumerable<(int Attempt, long Position, MetricPoint Point)> Series(ISweepStore store, ReportBuffer reports) =>
        store.SeriesBeforeAsync(reports.Run, reports.Attempt).ToBlockingEnumerable();
}
