using System.Numerics.Tensors;

namespace Orchestrator.App.Trainables.Digits;

/// <summary>
/// Moves parameters along their gradients. Its whole state is a count of steps and flat arrays laid out as
/// <see cref="MlpParameters.Values"/>.
/// </summary>
/// <remarks>
/// Weight decay is decoupled (Loshchilov and Hutter, 2019, arXiv:1711.05101): before each step every weight is multiplied by
/// 1 - learningRate * weightDecay, whatever its gradient, by all optimizers alike; biases do not decay and the loss does not include it.
/// </remarks>
internal abstract class Optimizer
{
    private readonly float _keep;

    private protected Optimizer(MlpOptions options, MlpParameters parameters)
    {
        Parameters = parameters;
        LearningRate = options.LearningRate;
        _keep = (float)(1 - (options.LearningRate * options.WeightDecay));
    }

    /// <summary>Steps made.</summary>
    public int StepCount { get; private set; }

    /// <summary>What is moved.</summary>
    protected MlpParameters Parameters { get; }

    /// <summary>The step size.</summary>
    protected double LearningRate { get; }

    /// <summary>The optimizer that <paramref name="options"/> name.</summary>
    public static Optimizer Create(MlpOptions options, MlpParameters parameters) => options.Optimizer switch
    {
        OptimizerKind.Sgd => new SgdOptimizer(options, parameters),
        OptimizerKind.Momentum => new MomentumOptimizer(options, parameters),
        _ => new AdamOptimizer(options, parameters),
    };

    /// <summary>Makes one step by the gradients that the parameters hold now.</summary>
    public void Step()
    {
        StepCount++;
        if (_keep != 1)
            for (var layer = 0; layer < Parameters.LayerCount; layer++)
                TensorPrimitives.Multiply(Parameters.Weights(layer), _keep, Parameters.Weights(layer));
        Move();
    }

    /// <summary>The arrays that are its state beside <see cref="StepCount"/>, always in the same order; written in place when it is restored.</summary>
    public abstract IReadOnlyList<Memory<float>> State { get; }

    /// <summary>Goes on as after so many steps; the arrays are put back beside it.</summary>
    public void GoOnFrom(int stepCount) => StepCount = stepCount;

    /// <summary>Changes the parameters; <see cref="StepCount"/> is 1 at the first step.</summary>
    protected abstract void Move();

    /// <summary>values += direction * (-rate).</summary>
    protected void Descend(ReadOnlySpan<float> direction, double rate) =>
        TensorPrimitives.MultiplyAdd(direction, (float)-rate, Parameters.Values, Parameters.Values);
}
