using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch;

/// <summary>Examples on a device: inputs and targets, row by row.</summary>
public sealed class Examples
{
    /// <summary>Takes both as they are; they live as long as the scope in which they were made.</summary>
    /// <param name="inputs">What the model is given; its first dimension counts the examples.</param>
    /// <param name="targets">What it should say; as many.</param>
    /// <exception cref="ArgumentException">The numbers differ, or there are none.</exception>
    public Examples(Tensor inputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.dim() == 0 || targets.dim() == 0 || inputs.shape[0] != targets.shape[0] || inputs.shape[0] == 0)
            throw new ArgumentException($"There must be as many targets as inputs, and at least one: got [{string.Join(", ", targets.shape)}] for [{string.Join(", ", inputs.shape)}].");
        (Inputs, Targets) = (inputs, targets);
        Count = checked((int)inputs.shape[0]);
    }

    /// <summary>What the model is given.</summary>
    public Tensor Inputs { get; }

    /// <summary>What it should say.</summary>
    public Tensor Targets { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }
}

/// <summary>The examples of a run, by what they are for.</summary>
/// <param name="Train">What weights are fitted to.</param>
/// <param name="Validation">What parameters are chosen by, after each epoch; <see langword="null"/>: none.</param>
/// <param name="Test">What the chosen ones are judged by, after the last epoch; <see langword="null"/>: none.</param>
public sealed record TrainingData(Examples Train, Examples? Validation = null, Examples? Test = null);

/// <summary>A part of the examples, on the run's device; ends with its step.</summary>
/// <param name="Inputs">What the model is given.</param>
/// <param name="Targets">What it should say.</param>
/// <param name="Count">How many examples.</param>
public readonly record struct Batch(Tensor Inputs, Tensor Targets, int Count);
