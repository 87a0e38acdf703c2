using static TorchSharp.torch;

namespace Orchestrator.Torch;

/// <summary>
/// The batches of one epoch as slices of examples that were put into the epoch's order beforehand: a step takes views and gathers nothing. The order is
/// applied to a block of batches at a time, so that the copy stays small beside a large data set.
/// </summary>
/// <param name="examples">The examples.</param>
/// <param name="order">The epoch's order.</param>
/// <param name="batchSize">Examples of a batch; the last one may have fewer.</param>
/// <param name="device">Where the examples are.</param>
/// <param name="blockBytes">How large the copy may become; a block has one batch at least.</param>
internal sealed class EpochBatches(Examples examples, long[] order, int batchSize, Device device, long blockBytes = EpochBatches.DefaultBlockBytes) : IDisposable
{
    private const long DefaultBlockBytes = 64L << 20;

    private readonly int _blockSize = BlockSize(examples, batchSize, blockBytes);
    private int _begin;
    private int _end;
    private Tensor? _inputs;
    private Tensor? _targets;

    /// <summary>How many batches there are.</summary>
    public int Count { get; } = (order.Length + batchSize - 1) / batchSize;

    /// <summary>A batch, from 0. Its tensors end with the scope they are taken in; the batches are taken in turn.</summary>
    public Batch this[int index]
    {
        get
        {
            var start = index * batchSize;
            if (start < _begin || start >= _end)
                TakeBlock(start);
            var count = Math.Min(batchSize, _end - start);
            return new Batch(_inputs!.narrow(0, start - _begin, count), _targets!.narrow(0, start - _begin, count), count);
        }
    }

    public void Dispose()
    {
        _inputs?.Dispose();
        _targets?.Dispose();
    }

    private static int BlockSize(Examples examples, int batchSize, long blockBytes)
    {
        var row = Math.Max(1, (BytesOf(examples.Inputs) + BytesOf(examples.Targets)) / examples.Count);
        return (int)Math.Clamp(blockBytes / row / batchSize * batchSize, batchSize, Math.Max(batchSize, examples.Count));
    }

    private static long BytesOf(Tensor tensor) => tensor.NumberOfElements * tensor.ElementSize;

    private void TakeBlock(int start)
    {
        Dispose();
        (_begin, _end) = (start, Math.Min(order.Length, start + _blockSize));
        using var rows = tensor(order[_begin.._end], device: device);
        _inputs = examples.Inputs.index_select(0, rows).DetachFromDisposeScope();
        _targets = examples.Targets.index_select(0, rows).DetachFromDisposeScope();
    }
}
