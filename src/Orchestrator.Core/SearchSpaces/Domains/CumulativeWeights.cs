namespace Orchestrator.SearchSpaces;

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
