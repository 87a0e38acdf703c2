using Orchestrator.Expressions;
using Orchestrator.Numerics;

namespace Orchestrator.SearchSpaces;

/// <summary>Listed values, by weight; a constant is a list of one.</summary>
internal sealed class ChoiceDomain : DiscreteDomain
{
    private readonly ParameterValue[] _values;
    private readonly Dictionary<ParameterValue, int> _index = [];
    private readonly CumulativeWeights? _weights;

    public ChoiceDomain(IReadOnlyList<ParameterValue> values, IReadOnlyList<double>? weights = null)
        : base(values.Count)
    {
        _values = [.. values];
        _weights = weights is null ? null : new CumulativeWeights(weights);
        for (var i = 0; i < _values.Length; i++)
        {
            _index.TryAdd(_values[i], i);
            Types |= _values[i].TypeOf();
        }
    }

    internal override ValueTypes Types { get; }

    internal override bool IsDistinct => _index.Count == Count;

    public override ParameterValue FromUnit(double u) => _weights is null ? base.FromUnit(u) : _values[_weights.IndexOf(u)];

    internal override ParameterValue Draw(SeededRandom random) => _weights is null ? base.Draw(random) : FromUnit(random.NextDouble());

    internal override long IndexOf(ParameterValue value) => _index.GetValueOrDefault(value, -1);

    protected override ParameterValue Get(long index) => _values[index];
}
