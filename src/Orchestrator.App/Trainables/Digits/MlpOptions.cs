using System.Globalization;

namespace Orchestrator.App.Trainables.Digits;

/// <summary>Hyperparameters of a <see cref="MlpTrainer"/>. Immutable in use: a trainer reads them once, in its constructor.</summary>
internal sealed class MlpOptions
{
    /// <summary>The greatest number of hidden layers.</summary>
    public const int MaxLayers = 16;

    /// <summary>The greatest width of a hidden layer.</summary>
    public const int MaxWidth = 4096;

    /// <summary>Units per hidden layer, input side first: 0 to 16 layers of 1 to 4096 (0: softmax regression). Default: [64].</summary>
    public IReadOnlyList<int> Hidden { get; set; } = [64];

    /// <summary>The non-linearity after each hidden layer. Default: <see cref="Activation.Relu"/>.</summary>
    public Activation Activation { get; set; } = Activation.Relu;

    /// <summary>How weights follow their gradients. Default: <see cref="OptimizerKind.Adam"/>.</summary>
    public OptimizerKind Optimizer { get; set; } = OptimizerKind.Adam;

    /// <summary>The step size, positive and finite. Default: 0.003.</summary>
    public double LearningRate { get; set; } = 0.003;

    /// <summary>Velocity kept per step, 0 up to but not 1; for <see cref="OptimizerKind.Momentum"/> only. Default: 0.9.</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary>Decoupled weight decay per step, in units of the learning rate; at least 0. Default: 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Share of each hidden layer's outputs that is dropped while training, 0 up to but not 1. Default: 0.</summary>
    public double Dropout { get; set; }

    /// <summary>Rows per step, 1 to 65536; more than there are rows means all of them. Default: 32.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>Passes over the training rows, at least 1; for whoever drives the trainer. Default: 12.</summary>
    public int Epochs { get; set; } = 12;

    /// <summary>Reads a choice as sweep files write it, in any case.</summary>
    /// <param name="key">The hyperparameter's name, for the message.</param>
    /// <param name="text">The choice's name.</param>
    /// <exception cref="ArgumentException">There is no such choice; the message lists those that exist.</exception>
    public static T ParseChoice<T>(string key, string text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
                return value;
        throw new ArgumentException($"{key} must be one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}, got '{text}'");
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">Some are out of range; the message has a line for each, with rule and value.</exception>
    public void Validate()
    {
        var errors = Errors().ToList();
        if (errors.Count > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, errors));
    }

    private IEnumerable<string> Errors()
    {
        if (Hidden is null || Hidden.Count > MaxLayers)
            yield return $"hidden must name 0 to {MaxLayers} layers, got {Hidden?.Count.ToString(CultureInfo.InvariantCulture) ?? "null"}";
        foreach (var width in Hidden ?? [])
            if (width is < 1 or > MaxWidth)
                yield return $"hidden must have widths from 1 to {MaxWidth}, got {width}";
        if (!Enum.IsDefined(Activation))
            yield return $"activation must be one of {string.Join(", ", Enum.GetNames<Activation>())}, got {Activation}";
        if (!Enum.IsDefined(Optimizer))
            yield return $"optimizer must be one of {string.Join(", ", Enum.GetNames<OptimizerKind>())}, got {Optimizer}";

        // Written so that NaN, which fails every comparison, is an error too.
        if (!(LearningRate > 0 && double.IsFinite(LearningRate)))
            yield return FormattableString.Invariant($"learningRate must be positive and finite, got {LearningRate}");
        if (!(Momentum >= 0 && Momentum < 1))
            yield return FormattableString.Invariant($"momentum must be at least 0 and less than 1, got {Momentum}");
        if (!(WeightDecay >= 0 && double.IsFinite(WeightDecay)))
            yield return FormattableString.Invariant($"weightDecay must be at least 0 and finite, got {WeightDecay}");
        if (!(Dropout >= 0 && Dropout < 1))
            yield return FormattableString.Invariant($"dropout must be at least 0 and less than 1, got {Dropout}");
        if (BatchSize is < 1 or > 65536)
            yield return FormattableString.Invariant($"batchSize must be from 1 to 65536, got {BatchSize}");
        if (Epochs < 1)
            yield return FormattableString.Invariant($"epochs must be at least 1, got {Epochs}");
    }
}
