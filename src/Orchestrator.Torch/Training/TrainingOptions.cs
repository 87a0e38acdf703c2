using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace Orchestrator.Torch;

/// <summary>How a <see cref="TorchTrainable"/> trains. Each is also a parameter of the sweep file, by the name in its summary.</summary>
public sealed class TrainingOptions
{
    /// <summary><c>epochs</c>: passes over the training examples; 1 or more.</summary>
    public int Epochs { get; set; } = 10;

    /// <summary><c>batchSize</c>: examples of a step; 1 or more. The last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary><c>optimizer</c>: <c>adam</c>, <c>adamw</c>, <c>sgd</c> or <c>rmsprop</c>.</summary>
    public string Optimizer { get; set; } = "adam";

    /// <summary><c>learningRate</c>: the highest rate, which the schedule takes from there; above 0.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary><c>momentum</c>: of <c>sgd</c> and <c>rmsprop</c>; 0 to below 1.</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary><c>weightDecay</c>: 0 or more.</summary>
    public double WeightDecay { get; set; }

    /// <summary><c>clipNorm</c>: the norm that the gradient of a step is cut to; 0 (the default): as it is.</summary>
    public double ClipNorm { get; set; }

    /// <summary><c>schedule</c>: <c>constant</c>, <c>linear</c> or <c>cosine</c> (both down to 0 after the last epoch), or <c>step</c> (a tenth after each third of the epochs).</summary>
    public string Schedule { get; set; } = "constant";

    /// <summary><c>warmupEpochs</c>: epochs in which the rate rises in equal steps; 0 or more, below <c>epochs</c>.</summary>
    public int WarmupEpochs { get; set; }

    /// <summary><c>checkpointEvery</c>: epochs from one checkpoint to the next, the last epoch has one, too; 0: none are saved.</summary>
    public int CheckpointEvery { get; set; } = 1;

    /// <summary>Reads what the parameters name, by the names above; what they do not name stays as it is.</summary>
    /// <exception cref="ArgumentException">A value is out of range or names no choice.</exception>
    public TrainingOptions Read(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Epochs = parameters.Get("epochs", Epochs);
        BatchSize = parameters.Get("batchSize", BatchSize);
        Optimizer = parameters.Get("optimizer", Optimizer);
        LearningRate = parameters.Get("learningRate", LearningRate);
        Momentum = parameters.Get("momentum", Momentum);
        WeightDecay = parameters.Get("weightDecay", WeightDecay);
        ClipNorm = parameters.Get("clipNorm", ClipNorm);
        Schedule = parameters.Get("schedule", Schedule);
        WarmupEpochs = parameters.Get("warmupEpochs", WarmupEpochs);
        CheckpointEvery = parameters.Get("checkpointEvery", CheckpointEvery);
        Validate();
        return this;
    }

    /// <exception cref="ArgumentException">A value is out of range or names no choice; the message says which.</exception>
    internal void Validate()
    {
        AtLeast("epochs", Epochs, 1);
        AtLeast("batchSize", BatchSize, 1);
        AtLeast("weightDecay", WeightDecay, 0);
        AtLeast("clipNorm", ClipNorm, 0);
        AtLeast("checkpointEvery", CheckpointEvery, 0);
        Require(double.IsFinite(LearningRate) && LearningRate > 0, "learningRate", LearningRate, "above 0");
        Require(Momentum is >= 0 and < 1, "momentum", Momentum, "from 0 to below 1");
        Require(WarmupEpochs >= 0 && WarmupEpochs < Epochs, "warmupEpochs", WarmupEpochs, $"from 0 to below epochs ({Epochs})");
        Require(Optimizer is "adam" or "adamw" or "sgd" or "rmsprop", "optimizer", Optimizer, "adam, adamw, sgd or rmsprop");
        Require(Schedule is "constant" or "linear" or "cosine" or "step", "schedule", Schedule, "constant, linear, cosine or step");
    }

    /// <summary>The optimizer that the options name, at the full rate.</summary>
    internal Optimizer Create(nn.Module model) => Optimizer switch
    {
        "adam" => Adam(model.parameters(), LearningRate, weight_decay: WeightDecay),
        "adamw" => AdamW(model.parameters(), LearningRate, weight_decay: WeightDecay),
        "sgd" => SGD(model.parameters(), LearningRate, Momentum, weight_decay: WeightDecay),
        _ => RMSProp(model.parameters(), LearningRate, momentum: Momentum, weight_decay: WeightDecay),
    };

    /// <summary>The schedule that the options name; <see langword="null"/>: the rate stays.</summary>
    internal lr_scheduler.LRScheduler? Create(Optimizer optimizer) =>
        Schedule == "constant" && WarmupEpochs == 0 ? null : lr_scheduler.LambdaLR(optimizer, FactorOf);

    /// <summary>What the rate is multiplied with in an epoch.</summary>
    /// <param name="epoch">Epochs done, from 0.</param>
    internal double FactorOf(int epoch)
    {
        if (epoch < WarmupEpochs)
            return (epoch + 1.0) / (WarmupEpochs + 1);
        var part = (epoch - WarmupEpochs) / (double)(Epochs - WarmupEpochs);
        return Schedule switch
        {
            "linear" => Math.Max(0, 1 - part),
            "cosine" => 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, part))),
            "step" => part < 1.0 / 3 ? 1 : part < 2.0 / 3 ? 0.1 : 0.01,
            _ => 1,
        };
    }

    private static void AtLeast(string name, double value, double least) => Require(value >= least, name, value, $"{least} or more");

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"The parameter '{name}' must be {rule}, got {value}."));
    }
}
