using BenchmarkDotNet.Attributes;
using Orchestrator.Sampling;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>A point of a grid by its number: mixed radix by hand, and through the sampler with and without a constraint.</summary>
public class GridBenchmarks
{
    private const int Levels = 10;

    private string[] _names = [];
    private ISampler _free = null!;
    private ISampler _constrained = null!;
    private long _number;

    [Params(3, 12)]
    public int Axes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _names = [.. Enumerable.Range(0, Axes).Select(i => $"p{i}")];
        _free = Samplers.Create("grid", SearchSpace.Create(Definition()));
        _constrained = Samplers.Create("grid", SearchSpace.Create(Definition("p0 + p1 <= 12")));
    }

    [Benchmark(Baseline = true)]
    public ParameterSet ByHand()
    {
        var values = new KeyValuePair<string, ParameterValue>[Axes];
        var rest = Next();
        for (var axis = Axes - 1; axis >= 0; axis--)
            (rest, values[axis]) = (rest / Levels, KeyValuePair.Create<string, ParameterValue>(_names[axis], rest % Levels));
        return new ParameterSet(values);
    }

    [Benchmark]
    public ParameterSet? Free() => _free.Ask(AskContext.Create(0, Next()));

    [Benchmark]
    public ParameterSet? Constrained() => _constrained.Ask(AskContext.Create(0, Next()));

    private long Next() => _number = (_number + 7919) % 500;

    private SearchSpaceDefinition Definition(params string[] constraints)
    {
        var definition = new SearchSpaceDefinition { Constraints = constraints };
        foreach (var name in _names)
            definition.Parameters[name] = Parameter.Int(0, Levels - 1);
        return definition;
    }
}
