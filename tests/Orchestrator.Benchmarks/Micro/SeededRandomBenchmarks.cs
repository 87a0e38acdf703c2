using BenchmarkDotNet.Attributes;
using Orchestrator.Numerics;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>The generator, against the framework's seeded one: making it (once a run) and drawing from it.</summary>
public class SeededRandomBenchmarks
{
    private const int Draws = 1000;

    private long _seed;

    [Params(1, Draws)]
    public int Numbers { get; set; }

    [Benchmark(Baseline = true)]
    public double SystemRandom() => Sum(new Random((int)_seed++));

    [Benchmark]
    public double Seeded() => Sum(new SeededRandom(7, _seed++));

    private double Sum(Random random)
    {
        var sum = 0.0;
        for (var i = 0; i < Numbers; i++)
            sum += random.NextDouble();
        return sum;
    }
}
