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

/// <summary>Picks an index by weight.</summary>
internal sealed class CumulativeWeights
{
    private readonly double[] _cumulative;

    public CumulativeWeights(IReadOnlyList<double> weights)
    {
        // Scaled by the largest, so that a sum of huge weights stays finite.
        var largest = weights.Max();
        var sum = 0.0;
        _cumulative = [.. weights.Select(w => sum += w / largest)];
    }

    /// <summary>The index that the quantile <paramref name="u"/> in [0, 1] falls on; never one of weight 0.</summary>
    public int IndexOf(double u)
    {
        var target = u * _cumulative[^1];
        var (low, high) = (0, _cumulative.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_cumulative[middle] > target)
                high = middle;
            else
                low = middle + 1;
        }

        // u = 1 ends behind the last one, which may have weight 0.
        while (low > 0 && _cumulative[low] == _cumulative[low - 1])
            low--;
        return low;
    }
}
