namespace Orchestrator.App.Trainables.Digits;

/// <summary>
/// Every weight and bias of a network in one flat array, and their gradients in another of the same layout, so that an optimizer is a few
/// operations over long spans and a checkpoint is a copy.
/// </summary>
/// <remarks>Layout, layer after layer from the input on: weights [inputs, outputs] row by row, then biases [outputs].</remarks>
internal sealed class MlpParameters
{
    private readonly int[] _widths;
    private readonly int[] _offsets;
    private readonly float[] _values;
    private readonly float[] _gradients;

    /// <param name="widths">Units from the input to the output, both included; at least two numbers.</param>
    public MlpParameters(int[] widths)
    {
        _widths = widths;
        _offsets = new int[widths.Length];
        for (var layer = 0; layer < LayerCount; layer++)
            _offsets[layer + 1] = checked(_offsets[layer] + (widths[layer] * widths[layer + 1]) + widths[layer + 1]);
        _values = new float[_offsets[^1]];
        _gradients = new float[_offsets[^1]];
    }

    /// <summary>Number of weight matrices: the hidden layers and the output layer.</summary>
    public int LayerCount => _widths.Length - 1;

    /// <summary>All weights and biases.</summary>
    public Span<float> Values => _values;

    /// <summary>The loss's derivative by each of <see cref="Values"/>.</summary>
    public Span<float> Gradients => _gradients;

    /// <summary>Units that go into a layer.</summary>
    public int Inputs(int layer) => _widths[layer];

    /// <summary>Units that come out of a layer.</summary>
    public int Outputs(int layer) => _widths[layer + 1];

    /// <summary>A layer's weights, [inputs, outputs].</summary>
    public Span<float> Weights(int layer) => WeightsOf(_values, layer);

    /// <summary>A layer's biases, [outputs].</summary>
    public Span<float> Biases(int layer) => BiasesOf(_values, layer);

    /// <summary>The gradients of <see cref="Weights"/>.</summary>
    public Span<float> WeightGradients(int layer) => WeightsOf(_gradients, layer);

    /// <summary>The gradients of <see cref="Biases"/>.</summary>
    public Span<float> BiasGradients(int layer) => BiasesOf(_gradients, layer);

    /// <summary>
    /// Draws the weights, uniformly within +-sqrt(6 / inputs) before relu and gelu (He et al., 2015, arXiv:1502.01852), within
    /// +-sqrt(6 / (inputs + outputs)) otherwise and in the output layer (Glorot and Bengio, 2010, "Xavier"). Biases are 0.
    /// </summary>
    public void Initialize(Activation activation, Random random)
    {
        for (var layer = 0; layer < LayerCount; layer++)
        {
            var rectified = layer < LayerCount - 1 && activation is (Activation.Relu or Activation.Gelu);
            var bound = Math.Sqrt(6.0 / (rectified ? Inputs(layer) : Inputs(layer) + Outputs(layer)));
            foreach (ref var weight in Weights(layer))
                weight = (float)(((2 * random.NextDouble()) - 1) * bound);
            Biases(layer).Clear();
        }
    }

    private Span<float> WeightsOf(float[] array, int layer) => array.AsSpan(_offsets[layer], Inputs(layer) * Outputs(layer));

    private Span<float> BiasesOf(float[] array, int layer) => array.AsSpan(_offsets[layer + 1] - Outputs(layer), Outputs(layer));
}
