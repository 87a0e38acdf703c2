using System.Numerics.Tensors;

namespace Orchestrator.App.Trainables.Digits;

/// <summary>
/// A multilayer perceptron in float32 with the buffers of one batch: dense layers with an activation between them, logits at the end.
/// Not safe for use by several threads at once; instances share nothing.
/// </summary>
internal sealed class MlpNetwork
{
    private readonly Activation _activation;
    private readonly double _dropout;
    private readonly Random _random;
    private readonly float[][] _sums;     // x W + b of each layer, [capacity, outputs]; of the last, the logits
    private readonly float[][] _outputs;  // f(sums) of each hidden layer
    private readonly float[][] _dropped;  // what the next layer reads: the outputs themselves, or a copy with units dropped
    private readonly float[][] _masks;    // 0 or 1 / (1 - dropout) for each hidden unit; empty without dropout
    private readonly float[][] _slopes;   // the loss's derivative by sums
    private readonly float[] _scratch;
    private readonly float[] _scratch2;
    private readonly float[] _transposed;

    /// <summary>Allocates a network and draws its weights.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="inputs">Features of an example.</param>
    /// <param name="classes">Classes to tell apart.</param>
    /// <param name="capacity">The most rows that a batch has.</param>
    /// <param name="random">Draws weights now and dropped units later.</param>
    public MlpNetwork(MlpOptions options, int inputs, int classes, int capacity, Random random)
    {
        _activation = options.Activation;
        _dropout = options.Dropout;
        _random = random;
        Parameters = new MlpParameters([inputs, .. options.Hidden, classes]);
        Parameters.Initialize(_activation, random);

        var hidden = options.Hidden;
        _sums = [.. hidden.Append(classes).Select(width => new float[capacity * width])];
        _slopes = [.. _sums.Select(sums => new float[sums.Length])];
        _outputs = [.. hidden.Select(width => new float[capacity * width])];
        _masks = _dropout > 0 ? [.. hidden.Select(width => new float[capacity * width])] : [];
        _dropped = _dropout > 0 ? [.. hidden.Select(width => new float[capacity * width])] : _outputs;
        _scratch = new float[capacity * hidden.DefaultIfEmpty().Max()];
        _scratch2 = new float[_scratch.Length];
        _transposed = new float[Enumerable.Range(1, hidden.Count).Select(i => Parameters.Weights(i).Length).DefaultIfEmpty().Max()];
    }

    /// <summary>Weights, biases and, after <see cref="Backward"/>, their gradients.</summary>
    public MlpParameters Parameters { get; }

    /// <summary>Computes the logits of a batch.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="rows">Rows of the batch, at most the capacity.</param>
    /// <param name="training">Whether units are dropped.</param>
    /// <returns>[rows, classes], valid until the next call.</returns>
    public Span<float> Forward(ReadOnlySpan<float> x, int rows, bool training)
    {
        for (var layer = 0; ; layer++)
        {
            var sums = _sums[layer].AsSpan(0, rows * Parameters.Outputs(layer));
            DenseKernel.Forward(x, Parameters.Weights(layer), Parameters.Biases(layer), sums);
            if (layer == _outputs.Length)
                return sums;
            var outputs = _outputs[layer].AsSpan(0, sums.Length);
            ActivationFunctions.Apply(_activation, sums, outputs);
            x = training && _dropout > 0 ? Drop(layer, outputs) : outputs;
        }
    }

    /// <summary>Forward and backward: the gradients of the mean loss over a batch.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="labels">The class of each row.</param>
    /// <returns>As <see cref="SoftmaxCrossEntropy.Evaluate"/>.</returns>
    public (double LossSum, int Correct) Backward(ReadOnlySpan<float> x, ReadOnlySpan<int> labels)
    {
        var rows = labels.Length;
        var logits = Forward(x, rows, training: true);
        var slopes = _slopes[^1].AsSpan(0, logits.Length);
        var result = SoftmaxCrossEntropy.Evaluate(logits, labels, slopes);
        for (var layer = Parameters.LayerCount - 1; ; layer--)
        {
            var input = layer == 0 ? x : _dropped[layer - 1].AsSpan(0, rows * Parameters.Inputs(layer));
            DenseKernel.BackwardParameters(input, slopes, Parameters.WeightGradients(layer), Parameters.BiasGradients(layer));
            if (layer == 0)
                return result;
            slopes = BackwardHidden(layer, slopes, rows);
        }
    }

    // From the derivative by a layer's sums to that by the sums of the layer before it.
    private Span<float> BackwardHidden(int layer, ReadOnlySpan<float> slopes, int rows)
    {
        var length = rows * Parameters.Inputs(layer);
        var before = _slopes[layer - 1].AsSpan(0, length);
        DenseKernel.BackwardInput(slopes, Parameters.Weights(layer), _transposed, before, Parameters.Outputs(layer));
        if (_dropout > 0)
            TensorPrimitives.Multiply(before, _masks[layer - 1].AsSpan(0, length), before);
        ActivationFunctions.Backward(
            _activation,
            _sums[layer - 1].AsSpan(0, length),
            _outputs[layer - 1].AsSpan(0, length),
            before,
            _scratch.AsSpan(0, length),
            _scratch2.AsSpan(0, length));
        return before;
    }

    // Inverted dropout (Srivastava et al., 2014): kept units are scaled up, so that evaluation needs no change.
    private Span<float> Drop(int layer, ReadOnlySpan<float> outputs)
    {
        var mask = _masks[layer].AsSpan(0, outputs.Length);
        var keep = (float)(1 / (1 - _dropout));
        foreach (ref var factor in mask)
            factor = _random.NextDouble() < _dropout ? 0 : keep;
        var dropped = _dropped[layer].AsSpan(0, outputs.Length);
        TensorPrimitives.Multiply(outputs, mask, dropped);
        return dropped;
    }
}
