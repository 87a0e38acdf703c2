using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch;

/// <summary>
/// Sums of what is measured batch by batch, kept on the device: nothing waits for a GPU before the epoch's end. Made, filled and read on the run's thread,
/// outside of a step's scope.
/// </summary>
public sealed class MetricSums : IDisposable
{
    private readonly Device _device;
    private readonly List<(string Name, Tensor Sum, long Count)> _sums = [];

    internal MetricSums(Device device) => _device = device;

    /// <summary>The names, in the order of their first value.</summary>
    public IEnumerable<string> Names => _sums.Select(s => s.Name);

    /// <summary>Adds the sum of a value over some examples.</summary>
    /// <param name="name">What is measured: <c>loss</c>, <c>accuracy</c>.</param>
    /// <param name="sum">A tensor of one element; stays the caller's.</param>
    /// <param name="count">Over how many examples it is.</param>
    public void Add(string name, Tensor sum, long count)
    {
        using var none = no_grad();
        var index = _sums.FindIndex(s => s.Name == name);
        if (index < 0)
        {
            index = _sums.Count;
            _sums.Add((name, zeros([], dtype: ScalarType.Float64, device: _device).DetachFromDisposeScope(), 0));
        }

        _sums[index].Sum.add_(sum);
        _sums[index] = _sums[index] with { Count = _sums[index].Count + count };
    }

    /// <summary>The mean over all examples so far; NaN: there were none.</summary>
    public double Mean(string name)
    {
        var index = _sums.FindIndex(s => s.Name == name);
        return index < 0 || _sums[index].Count == 0 ? double.NaN : _sums[index].Sum.item<double>() / _sums[index].Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, sum, _) in _sums)
            sum.Dispose();
        _sums.Clear();
    }
}
