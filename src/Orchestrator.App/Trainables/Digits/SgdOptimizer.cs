namespace Orchestrator.App.Trainables.Digits;

/// <summary>w -= learningRate * g.</summary>
internal sealed class SgdOptimizer(MlpOptions options, MlpParameters parameters) : Optimizer(options, parameters)
{
    /// <inheritdoc />
    public override IReadOnlyList<Memory<float>> State => [];

    /// <inheritdoc />
    protected override void Move() => Descend(Parameters.Gradients, LearningRate);
}
