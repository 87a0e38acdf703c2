using System.Runtime.InteropServices;

namespace Orchestrator.Storage;

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

    /// <summary>Adds points. True if the buffer was empty, so that the caller must queue a <see cref="ReportsPending"/>.</summary>
    public bool Append(ReadOnlySpan<MetricPoint> points)
    {
        lock (_gate)
        {
            var wasEmpty = _points.Count == 0;
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
    /// summary by metric up to the last of them.
    /// </summary>
    public List<MetricPoint> Drain(List<KeyValuePair<string, MetricSummary>> summaries, out long firstIndex)
    {
        summaries.Clear();
        lock (_gate)
        {
            _spare.Clear();
            (_points, _spare) = (_spare, _points);
            firstIndex = _total;
            _total += _spare.Count;
            if (_spare.Count > 0)
                summaries.AddRange(_summaries);
            return _spare;
        }
    }

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
