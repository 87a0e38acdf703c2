using BenchmarkDotNet.Attributes;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>The parameters of a run against a dictionary of the same.</summary>
public class ParameterSetBenchmarks
{
    private KeyValuePair<string, ParameterValue>[] _entries = [];
    private Dictionary<string, ParameterValue> _dictionary = [];
    private ParameterSet _set = ParameterSet.Empty;
    private string _last = "";

    [Params(4, 32)]
    public int Parameters { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _entries = [.. Enumerable.Range(0, Parameters).Select(i => KeyValuePair.Create<string, ParameterValue>($"parameter{i}", i * 0.5))];
        _dictionary = new(_entries, StringComparer.Ordinal);
        _set = new ParameterSet(_entries);
        _last = _entries[^1].Key;
    }

    [BenchmarkCategory("create"), Benchmark(Baseline = true)]
    public Dictionary<string, ParameterValue> CreateDictionary() => new(_entries, StringComparer.Ordinal);

    [BenchmarkCategory("create"), Benchmark]
    public ParameterSet CreateSet() => new(_entries);

    [BenchmarkCategory("look up the last"), Benchmark(Baseline = true)]
    public double FromDictionary() => _dictionary[_last].AsDouble();

    [BenchmarkCategory("look up the last"), Benchmark]
    public double FromSet() => _set.Get<double>(_last);
}
