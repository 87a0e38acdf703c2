using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch;

/// <summary>
/// Sums of what is measured batch by batch, kept on the device and read once an epoch: nothing waits for a GPU before the epoch's end. Made, filled and read
/// on the run's thread, outside of a step's scope.
/// </summary>
public sealed class MetricSums : IDisposable
{
    private readonly Device _device;
    private readonly List<Entry> _entries = [];

    /// <summary>Sums on a device.</summary>
    /// <param name="device">Where they are kept.</param>
    /// <param name="names">Those that are named first, in this order.</param>
    internal MetricSums(Device device, params ReadOnlySpan<string> names)
    {
        _device = device;
        foreach (var name in names)
            AddEntry(name);
    }

    /// <summary>The names, in the order of their first value.</summary>
    public IEnumerable<string> Names => _entries.Select(entry => entry.Name);

    /// <summary>Adds the sum of a value over some examples.</summary>
    /// <param name="name">What is measured: <c>accuracy</c>.</param>
    /// <param name="sum">A tensor of one element; stays the caller's.</param>
    /// <param name="count">Over how many examples it is.</param>
    public void Add(string name, Tensor sum, long count) => Add(name, sum, 1, count);

    /// <summary>Adds the mean of a value over some examples, which counts by their number.</summary>
    /// <param name="name">What is measured: <c>loss</c>.</param>
    /// <param name="mean">A tensor of one element; stays the caller's.</param>
    /// <param name="count">Over how many examples it is.</param>
    public void AddMean(string name, Tensor mean, long count) => Add(name, mean, count, count);

    /// <summary>The mean over all examples so far; NaN: there were none.</summary>
    public double Mean(string name) => Find(name) is { Count: > 0 } entry ? entry.Sum.item<double>() / entry.Count : double.NaN;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var entry in _entries)
            entry.Sum.Dispose();
        _entries.Clear();
    }

    private void Add(string name, Tensor value, long factor, long count)
    {
        ArgumentNullException.ThrowIfNull(value);
        var entry = Find(name) ?? AddEntry(name);
        using var detached = value.requires_grad ? value.detach() : null; // else the sum would keep the graph of every step
        using var scalar = value.dim() > 0 ? (detached ?? value).reshape() : null;
        if (factor == 1)
            entry.Sum.add_(scalar ?? detached ?? value);
        else
            entry.Sum.add_(scalar ?? detached ?? value, factor);
        entry.Count += count;
    }

    private Entry AddEntry(string name)
    {
        var entry = new Entry(name, zeros([], dtype: ScalarType.Float64, device: _device).DetachFromDisposeScope());
        _entries.Add(entry);
        return entry;
    }

    private Entry? Find(string name)
    {
        foreach (var entry in _entries)
        {
            if (entry.Name == name)
                return entry;
        }

        return null;
    }

    private sealed class Entry(string name, Tensor sum)
    {
        public string Name => name;

        public Tensor Sum => sum;

        public long Count { get; set; }
    }
}
