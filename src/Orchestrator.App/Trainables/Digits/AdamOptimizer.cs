using System.Numerics.Tensors;

namespace Orchestrator.App.Trainables.Digits;

/// <summary>Adam with its usual constants: decay rates 0.9 and 0.999 of the two moments, epsilon 1e-8.</summary>
internal sealed class AdamOptimizer(MlpOptions options, MlpParameters parameters) : Optimizer(options, parameters)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;

    private readonly float[] _firstMoment = new float[parameters.Values.Length];
    private readonly float[] _secondMoment = new float[parameters.Values.Length];
    private readonly float[] _scratch = new float[parameters.Values.Length];

    /// <summary>The running mean of gradients, 0 at the start.</summary>
    public Span<float> FirstMoment => _firstMoment;

    /// <summary>The running mean of squared gradients, 0 at the start.</summary>
    public Span<float> SecondMoment => _secondMoment;

    /// <inheritdoc />
    public override IReadOnlyList<Memory<float>> State => [_firstMoment, _secondMoment];

    /// <inheritdoc />
    protected override void Move()
    {
        var gradients = Parameters.Gradients;
        TensorPrimitives.Multiply(_firstMoment, (float)Beta1, _firstMoment);
        TensorPrimitives.MultiplyAdd(gradients, (float)(1 - Beta1), _firstMoment, _firstMoment);
        TensorPrimitives.Multiply(gradients, gradients, _scratch);
        TensorPrimitives.Multiply(_secondMoment, (float)Beta2, _secondMoment);
        TensorPrimitives.MultiplyAdd(_scratch, (float)(1 - Beta2), _secondMoment, _secondMoment);

        // w -= rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
        TensorPrimitives.Multiply(_secondMoment, (float)(1 / (1 - Math.Pow(Beta2, StepCount))), _scratch);
        TensorPrimitives.Sqrt(_scratch, _scratch);
        TensorPrimitives.Add(_scratch, Epsilon, _scratch);
        TensorPrimitives.Divide(_firstMoment, _scratch, _scratch);
        Descend(_scratch, LearningRate / (1 - Math.Pow(Beta1, StepCount)));
    }
}
