using BenchmarkDotNet.Attributes;
using Orchestrator.Expressions;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>A constraint, against the same condition in C#.</summary>
public class ExpressionBenchmarks
{
    private readonly Slots _slots = new();
    private Expression _expression = null!;

    [Params("x + y <= 4", "x * 2 ** y <= 64 and optimizer in ['adam', 'sgd'] => x < 5")]
    public string Text { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _expression = Parse();

    [Benchmark(Baseline = true)]
    public bool InCSharp()
    {
        _slots.TryGet(0, out var x);
        _slots.TryGet(1, out var y);
        if (Text.Length < 20)
            return x.AsDouble() + y.AsDouble() <= 4;
        _slots.TryGet(2, out var optimizer);
        return !(x.AsDouble() * Math.Pow(2, y.AsDouble()) <= 64 && optimizer.As<string>() is "adam" or "sgd") || x.AsDouble() < 5;
    }

    [Benchmark]
    public bool Test() => _expression.Test(_slots);

    [Benchmark]
    public object ParseAndCheck() => Parse();

    private Expression Parse() => Expression.TryParse(Text, _slots, out var problems) ?? throw new InvalidOperationException(string.Join("; ", problems));

    private sealed class Slots : INameResolver, IExpressionValues
    {
        private readonly string[] _names = ["x", "y", "optimizer"];
        private readonly ParameterValue[] _values = [3, 0.5, "sgd"];

        public IEnumerable<string> Names => _names;

        public bool TryResolve(string name, out NameBinding binding)
        {
            var slot = Array.IndexOf(_names, name);
            binding = new NameBinding(slot, slot == 2 ? ValueTypes.Text : ValueTypes.Number);
            return slot >= 0;
        }

        public bool TryGet(int slot, out ParameterValue value)
        {
            value = _values[slot];
            return true;
        }
    }
}
