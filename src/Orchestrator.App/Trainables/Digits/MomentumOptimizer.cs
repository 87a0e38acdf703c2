using System.Numerics.Tensors;

namespace Orchestrator.App.Trainables.Digits;

/// <summary>v = momentum * v + g; w -= learningRate * v.</summary>
internal sealed class MomentumOptimizer(MlpOptions options, MlpParameters parameters) : Optimizer(options, parameters)
{
    private readonly float _momentum = (float)options.Momentum;
    private readonly float[] _velocity = new float[parameters.Values.Length];

    /// <summary>v, 0 at the start.</summary>
    public Span<float> Velocity => _velocity;

    /// <inheritdoc />
    public override IReadOnlyList<Memory<float>> State => [_velocity];

    /// <inheritdoc />
    protected override void Move()
    {
        TensorPrimitives.MultiplyAdd(_velocity, _momentum, Parameters.Gradients, _velocity);
        Descend(_velocity, LearningRate);
    }
}
