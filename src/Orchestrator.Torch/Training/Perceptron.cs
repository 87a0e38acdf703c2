using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch;

/// <summary>What a <see cref="Perceptron"/> is made of.</summary>
public sealed class PerceptronOptions
{
    /// <summary>Numbers that it is given; 1 or more.</summary>
    public required int Inputs { get; init; }

    /// <summary>Width of each hidden layer; none: a linear model.</summary>
    public int[] Hidden { get; init; } = [64];

    /// <summary>Numbers that it says; 1 or more.</summary>
    public required int Outputs { get; init; }

    /// <summary><c>relu</c>, <c>gelu</c>, <c>silu</c> or <c>tanh</c>.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>The part of each hidden layer that a training step leaves out; 0 to below 1.</summary>
    public double Dropout { get; init; }

    /// <summary>The widths that a run's parameters name: <c>hidden</c>, a number or a list; a number stands for <c>layers</c> of that width. 64 if absent.</summary>
    public static int[] HiddenOf(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.TryGetValue("hidden", out var hidden) && hidden.Kind == ParameterKind.List)
            return hidden.As<int[]>();
        return [.. Enumerable.Repeat(parameters.Get("hidden", 64), parameters.Get("layers", 1))];
    }
}

/// <summary>A multilayer perceptron.</summary>
public static class Perceptron
{
    /// <summary>Makes one; within <see cref="TorchRun.Build"/>, so that its first weights are the run's.</summary>
    /// <exception cref="ArgumentException">An option is out of range or names no choice.</exception>
    public static nn.Module<Tensor, Tensor> Create(PerceptronOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Hidden.Any(width => width < 1))
            throw new ArgumentException($"The width of a hidden layer must be 1 or more, got {string.Join(", ", options.Hidden)}.", nameof(options));
        if (options.Dropout is not (>= 0 and < 1))
            throw new ArgumentException(FormattableString.Invariant($"The part left out (dropout) must be from 0 to below 1, got {options.Dropout}."), nameof(options));
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        var width = options.Inputs;
        for (var i = 0; i < options.Hidden.Length; i++)
        {
            layers.Add(($"hidden{i + 1}", nn.Linear(width, options.Hidden[i])));
            layers.Add(($"activation{i + 1}", ActivationOf(options.Activation)));
            if (options.Dropout > 0)
                layers.Add(($"dropout{i + 1}", nn.Dropout(options.Dropout)));
            width = options.Hidden[i];
        }

        layers.Add(("output", nn.Linear(width, options.Outputs)));
        return nn.Sequential(layers);
    }

    private static nn.Module<Tensor, Tensor> ActivationOf(string name) => name switch
    {
        "relu" => nn.ReLU(),
        "gelu" => nn.GELU(),
        "silu" => nn.SiLU(),
        "tanh" => nn.Tanh(),
        _ => throw new ArgumentException($"The activation must be relu, gelu, silu or tanh, got '{name}'.", nameof(name)),
    };
}
