using System.Numerics.Tensors;

namespace Orchestrator.App.Trainables.Digits;

/// <summary>The activations and their derivatives, element by element over spans of equal length.</summary>
internal static class ActivationFunctions
{
    // gelu(x) = x * sigmoid(2u), 2u = GeluLinear * x + GeluCubic * x^3: the tanh form, since (1 + tanh u) / 2 = sigmoid(2u).
    private const float GeluLinear = 1.5957691f;  // 2 * sqrt(2 / pi)
    private const float GeluCubic = 0.044715f * GeluLinear;

    /// <summary>Writes f(<paramref name="x"/>) to <paramref name="y"/>.</summary>
    public static void Apply(Activation activation, ReadOnlySpan<float> x, Span<float> y)
    {
        switch (activation)
        {
            case Activation.Relu:
                TensorPrimitives.Max(x, 0f, y);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(x, y);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(x, y);
                break;
            default:
                GeluGate(x, y);
                TensorPrimitives.Multiply(x, y, y);
                break;
        }
    }

    /// <summary>Multiplies <paramref name="gradient"/> by f'(<paramref name="x"/>).</summary>
    /// <param name="activation">Which f.</param>
    /// <param name="x">What <see cref="Apply"/> was given.</param>
    /// <param name="y">What it returned.</param>
    /// <param name="gradient">In: the loss's derivative by y; out: by x.</param>
    /// <param name="scratch">Overwritten.</param>
    /// <param name="scratch2">Overwritten.</param>
    public static void Backward(
        Activation activation,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        Span<float> gradient,
        Span<float> scratch,
        Span<float> scratch2)
    {
        switch (activation)
        {
            case Activation.Relu:
                // Not y > 0: a NaN must go on to the weights, not vanish here.
                for (var i = 0; i < gradient.Length; i++)
                    if (y[i] <= 0)
                        gradient[i] = 0;
                return;
            case Activation.Tanh:
                TensorPrimitives.Multiply(y, y, scratch);
                TensorPrimitives.Subtract(1f, scratch, scratch);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Subtract(1f, y, scratch);
                TensorPrimitives.Multiply(scratch, y, scratch);
                break;
            default:
                // With s = sigmoid(2u) and t = y (2u)': f' = s + x s (1 - s) (2u)' = s + t (1 - s) = 1 - (1 - s)(1 - t)
                GeluGate(x, scratch2);
                TensorPrimitives.Subtract(1f, scratch2, scratch2);
                TensorPrimitives.Multiply(x, x, scratch);
                TensorPrimitives.Multiply(scratch, 3 * GeluCubic, scratch);
                TensorPrimitives.Add(scratch, GeluLinear, scratch);
                TensorPrimitives.Multiply(scratch, y, scratch);
                TensorPrimitives.Subtract(1f, scratch, scratch);
                TensorPrimitives.Multiply(scratch, scratch2, scratch);
                TensorPrimitives.Subtract(1f, scratch, scratch);
                break;
        }

        TensorPrimitives.Multiply(gradient, scratch, gradient);
    }

    private static void GeluGate(ReadOnlySpan<float> x, Span<float> gate)
    {
        TensorPrimitives.Multiply(x, x, gate);
        TensorPrimitives.Multiply(gate, GeluCubic, gate);
        TensorPrimitives.Add(gate, GeluLinear, gate);
        TensorPrimitives.Multiply(gate, x, gate);
        TensorPrimitives.Sigmoid(gate, gate);
    }
}
