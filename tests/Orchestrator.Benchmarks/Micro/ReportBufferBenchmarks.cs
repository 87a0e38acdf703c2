using BenchmarkDotNet.Attributes;
using Orchestrator.Storage;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>A thousand reports appended and taken by the writer, against a list under a lock, which keeps no summary.</summary>
public class ReportBufferBenchmarks
{
    private const int Reports = 1000;

    private readonly List<MetricPoint> _list = [];
    private readonly List<KeyValuePair<string, MetricSummary>> _summaries = [];
    private readonly Lock _gate = new();
    private readonly ReportBuffer _buffer = new(new RunKey(0, 0), 1);
    private MetricPoint[] _points = [];

    /// <summary>Values a report.</summary>
    [Params(1, 8)]
    public int Metrics { get; set; }

    [GlobalSetup]
    public void Setup() => _points = [.. Enumerable.Range(0, Metrics).Select(i => new MetricPoint($"metric{i}", 0, i, DateTimeOffset.UnixEpoch))];

    [Benchmark(Baseline = true, OperationsPerInvoke = Reports)]
    public int LockedList()
    {
        for (var i = 0; i < Reports; i++)
        {
            lock (_gate)
                _list.AddRange(_points);
        }

        var count = _list.Count;
        _list.Clear();
        return count;
    }

    [Benchmark(OperationsPerInvoke = Reports)]
    public int Buffer()
    {
        for (var i = 0; i < Reports; i++)
            _buffer.Append(_points);
        return _buffer.Drain(_summaries, out _, out _).Count;
    }
}
