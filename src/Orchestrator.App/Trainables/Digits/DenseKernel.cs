using System.Numerics.Tensors;

namespace Orchestrator.App.Trainables.Digits;

/// <summary>
/// The three matrix products of a dense layer, y = x W + b, over a batch. Every product is a sum of scaled rows, each one call of
/// <see cref="TensorPrimitives"/>: that keeps a build without optimisation fast, and rows scaled by zero (empty pixels, resting
/// rectified units, dropped ones) cost nothing.
/// </summary>
/// <remarks>
/// No dot products: each sum grows in the order of its index, one product at a time, so its last bit depends neither on the width of
/// the machine's vectors nor on where the operands lie.
/// </remarks>
internal static class DenseKernel
{
    /// <summary>y = x W + b.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="weights">[inputs, outputs].</param>
    /// <param name="biases">[outputs].</param>
    /// <param name="y">[rows, outputs], overwritten.</param>
    public static void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> y)
    {
        var outputs = biases.Length;
        var inputs = weights.Length / outputs;
        for (int xStart = 0, yStart = 0; yStart < y.Length; xStart += inputs, yStart += outputs)
        {
            var sum = y.Slice(yStart, outputs);
            biases.CopyTo(sum);
            AddScaledRows(x.Slice(xStart, inputs), weights, sum);
        }
    }

    /// <summary>The loss's derivatives by weights and biases, summed over the rows.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="dy">The loss's derivative by y, [rows, outputs].</param>
    /// <param name="weightGradients">[inputs, outputs], overwritten.</param>
    /// <param name="biasGradients">[outputs], overwritten.</param>
    public static void BackwardParameters(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> weightGradients, Span<float> biasGradients)
    {
        var outputs = biasGradients.Length;
        var inputs = weightGradients.Length / outputs;
        weightGradients.Clear();
        biasGradients.Clear();
        for (int xStart = 0, yStart = 0; yStart < dy.Length; xStart += inputs, yStart += outputs)
        {
            var row = dy.Slice(yStart, outputs);
            TensorPrimitives.Add(biasGradients, row, biasGradients);
            for (var i = 0; i < inputs; i++)
            {
                var scale = x[xStart + i];
                if (scale == 0)
                    continue;
                var sum = weightGradients.Slice(i * outputs, outputs);
                TensorPrimitives.MultiplyAdd(row, scale, sum, sum);
            }
        }
    }

    /// <summary>The loss's derivative by x.</summary>
    /// <param name="dy">The loss's derivative by y, [rows, outputs].</param>
    /// <param name="weights">[inputs, outputs].</param>
    /// <param name="transposed">[outputs, inputs], overwritten.</param>
    /// <param name="dx">[rows, inputs], overwritten.</param>
    /// <param name="outputs">Units of the layer.</param>
    public static void BackwardInput(
        ReadOnlySpan<float> dy, ReadOnlySpan<float> weights, Span<float> transposed, Span<float> dx, int outputs)
    {
        var inputs = weights.Length / outputs;
        for (var i = 0; i < inputs; i++)
            for (var o = 0; o < outputs; o++)
                transposed[(o * inputs) + i] = weights[(i * outputs) + o];
        dx.Clear();
        for (int xStart = 0, yStart = 0; yStart < dy.Length; xStart += inputs, yStart += outputs)
            AddScaledRows(dy.Slice(yStart, outputs), transposed, dx.Slice(xStart, inputs));
    }

    private static void AddScaledRows(ReadOnlySpan<float> scales, ReadOnlySpan<float> rows, Span<float> sum)
    {
        for (var i = 0; i < scales.Length; i++)
            if (scales[i] != 0)
                TensorPrimitives.MultiplyAdd(rows.Slice(i * sum.Length, sum.Length), scales[i], sum, sum);
    }
}
