using BenchmarkDotNet.Attributes;
using Orchestrator.Numerics;
using Orchestrator.Sampling;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>One proposal, against drawing the same four numbers by hand. The constraint rejects a half of the space.</summary>
public class SamplerBenchmarks
{
    private ISampler _random = null!;
    private ISampler _sobol = null!;
    private long _number;

    [Params(false, true)]
    public bool Constrained { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var definition = new SearchSpaceDefinition
        {
            Parameters =
            {
                ["rate"] = Parameter.Float(1e-5, 0.1, log: true),
                ["x"] = Parameter.Float(0.0, 1.0),
                ["y"] = Parameter.Float(0.0, 1.0),
                ["layers"] = Parameter.Int(1, 8),
            },
            Constraints = Constrained ? ["x + y <= 1"] : [],
        };
        var space = SearchSpace.Create(definition);
        _random = Samplers.Create("random", space, seed: 1);
        _sobol = Samplers.Create("sobol", space, seed: 1);
    }

    [Benchmark(Baseline = true)]
    public ParameterSet ByHand()
    {
        var random = new SeededRandom(1, _number++);
        double x, y;
        do
            (x, y) = (random.NextDouble(), random.NextDouble());
        while (Constrained && x + y > 1);
        return new ParameterSet([
            KeyValuePair.Create<string, ParameterValue>("rate", 1e-5 * Math.Pow(1e4, random.NextDouble())),
            KeyValuePair.Create<string, ParameterValue>("x", x),
            KeyValuePair.Create<string, ParameterValue>("y", y),
            KeyValuePair.Create<string, ParameterValue>("layers", random.Next(1, 9))]);
    }

    [Benchmark]
    public ParameterSet? Random() => _random.Ask(AskContext.Create(1, _number++));

    [Benchmark]
    public ParameterSet? Sobol() => _sobol.Ask(AskContext.Create(1, _number++));
}
