using System.Runtime.InteropServices;

namespace Orchestrator.Storage;

/// <summary>What an attempt takes over from an earlier one whose checkpoint it goes on from.</summary>
/// <param name="Attempt">The earlier attempt.</param>
/// <param name="Points">How many values of its series are taken over: those at positions below.</param>
/// <param name="Step">The checkpoint's step.</param>
/// <param name="Summaries">What they come to, by metric.</param>
internal sealed record ReportBase(int Attempt, long Points, long Step, IReadOnlyList<KeyValuePair<string, MetricSummary>> Summaries);

/// <summary>The values of a metric that earlier attempts had reported from a step on, which an attempt reports anew.</summary>
internal readonly record struct ReplacedValues(string Metric, long Step);

/// <summary>What changes in what an attempt takes over: it comes before the attempt's own values.</summary>
/// <param name="Base">What it goes on from now; <see langword="null"/>: nothing.</param>
/// <param name="HasNewBase">Whether <paramref name="Base"/> holds; otherwise it stays as it was.</param>
/// <param name="Replaced">What it reports anew.</param>
internal sealed record ReportRevision(ReportBase? Base, bool HasNewBase, IReadOnlyList<ReplacedValues> Replaced);

/// <summary>
/// The values an attempt reported and the store has not taken yet, and a running summary by metric. Written by the attempt,
/// drained by the store's writer: one command is queued for any number of points.
/// </summary>
internal sealed class ReportBuffer
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MetricSummary> _summaries;
    private List<MetricPoint> _points = [];
    private List<MetricPoint> _spare = [];
    private long _total;
    private ReportRevision? _revision;

    /// <param name="run">The run.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="before">What earlier attempts reported, where it counts together with this one's.</param>
    public ReportBuffer(RunKey run, int attempt, IReadOnlyList<KeyValuePair<string, MetricSummary>>? before = null)
    {
        (Run, Attempt) = (run, attempt);
        _summaries = new(before ?? [], StringComparer.Ordinal);
        _total = _summaries.Values.Sum(s => s.Count);
    }

    public RunKey Run { get; }

    public int Attempt { get; }

    /// <summary>Points that wait for the writer.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _points.Count;
        }
    }

    /// <summary>Whether there is anything for the writer.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate)
                return IsEmpty;
        }
    }

    /// <summary>
    /// Puts the attempt behind what an earlier one had reported: whatever this one reported before is replaced by that. It travels with the points,
    /// so that it cannot be stored before or after the wrong ones. True as for <see cref="Append"/>.
    /// </summary>
    public bool Rebase(ReportBase taken)
    {
        lock (_gate)
        {
            var wasEmpty = IsEmpty;
            _points.Clear();
            _summaries.Clear();
            foreach (var (metric, summary) in taken.Summaries)
                _summaries[metric] = summary;
            _total = taken.Points;
            _revision = new ReportRevision(taken, HasNewBase: true, []);
            return wasEmpty;
        }
    }

    /// <summary>The attempt takes nothing over after all. Before its first value; true as for <see cref="Append"/>.</summary>
    public bool StartOver()
    {
        lock (_gate)
        {
            var wasEmpty = IsEmpty;
            _summaries.Clear();
            _total = 0;
            _revision = new ReportRevision(null, HasNewBase: true, []);
            return wasEmpty;
        }
    }

    /// <summary>
    /// The attempt reports values anew that it had taken over. Before its first value of that metric; true as for <see cref="Append"/>.
    /// </summary>
    /// <param name="values">The values that do not count any more.</param>
    /// <param name="rest">What the metric's others come to; <see langword="null"/>: there are none.</param>
    public bool Replace(ReplacedValues values, MetricSummary? rest)
    {
        lock (_gate)
        {
            var wasEmpty = IsEmpty;
            if (rest is { } summary)
                _summaries[values.Metric] = summary;
            else
                _summaries.Remove(values.Metric);
            _revision ??= new ReportRevision(null, HasNewBase: false, []);
            _revision = _revision with { Replaced = [.. _revision.Replaced, values] };
            return wasEmpty;
        }
    }

    /// <summary>What has been reported up to now, for an attempt that goes on from here.</summary>
    public ReportBase Snapshot(long step)
    {
        lock (_gate)
            return new ReportBase(Attempt, _total + _points.Count, step, [.. _summaries]);
    }

    /// <summary>Adds points. True if the buffer was empty, so that the caller must queue a <see cref="ReportsPending"/>.</summary>
    public bool Append(ReadOnlySpan<MetricPoint> points)
    {
        lock (_gate)
        {
            var wasEmpty = IsEmpty;
            foreach (ref readonly var point in points)
            {
                _points.Add(point);
                ref var summary = ref CollectionsMarshal.GetValueRefOrAddDefault(_summaries, point.Metric, out var known);
                summary = known ? summary.With(point) : MetricSummary.Of(point);
            }

            return wasEmpty && points.Length > 0;
        }
    }

    /// <summary>
    /// Takes the waiting points; called by the writer alone. The list is valid until the next drain.
    /// <paramref name="firstIndex"/> is the index of the first of them among all that counts. <paramref name="summaries"/> is filled with the
    /// summary by metric up to the last of them. <paramref name="revision"/> is what has changed since the last drain in what the attempt takes over:
    /// it comes before the points.
    /// </summary>
    public List<MetricPoint> Drain(List<KeyValuePair<string, MetricSummary>> summaries, out long firstIndex, out ReportRevision? revision)
    {
        summaries.Clear();
        lock (_gate)
        {
            _spare.Clear();
            (_points, _spare) = (_spare, _points);
            firstIndex = _total;
            _total += _spare.Count;
            (revision, _revision) = (_revision, null);
            if (_spare.Count > 0 || revision is not null)
                summaries.AddRange(_summaries);
            return _spare;
        }
    }

    private bool IsEmpty => _points.Count == 0 && _revision is null;

    /// <summary>The summary by metric, as of now.</summary>
    public KeyValuePair<string, MetricSummary>[] Summaries()
    {
        lock (_gate)
            return [.. _summaries];
    }

    /// <summary>The summary of one metric, as of now.</summary>
    public MetricSummary? SummaryOf(string metric)
    {
        lock (_gate)
            return _summaries.TryGetValue(metric, out var summary) ? summary : null;
    }
}
