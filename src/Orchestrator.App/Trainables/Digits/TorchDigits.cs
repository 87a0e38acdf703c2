using Orchestrator.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.App.Trainables.Digits;

/// <summary>
/// <c>torch-digits</c>: a perceptron or a convolutional network on handwritten digits, with TorchSharp. The test accuracy is that of the model after the last
/// epoch, whose rate a schedule has taken down by then.
/// </summary>
[Trainable(
    Description = "A perceptron or a convolutional network on 8x8 handwritten digits, with TorchSharp.",
    Parameters =
    [
        "model", "hidden", "layers", "channels", "activation", "dropout",
        "epochs", "batchSize", "optimizer", "learningRate", "momentum", "weightDecay", "clipNorm", "schedule", "warmupEpochs", "checkpointEvery",
    ],
    Metrics = ["trainLoss", "trainAccuracy", "valLoss", "valAccuracy", "testLoss", "testAccuracy"])]
internal sealed class TorchDigits(TorchRun torch, DigitsData data) : TorchTrainable(torch)
{
    private const int Side = 8;

    // An epoch takes milliseconds: a checkpoint after each would cost more than it saves.
    protected override TrainingOptions CreateOptions() => new() { Epochs = 20, CheckpointEvery = 10 };

    // The same for every run of the process, and changed by none.
    protected override TrainingData LoadData() =>
        Torch.Share($"digits on {Torch.Device}", () => new TrainingData(Load(data.Train), Load(data.Validation), Load(data.Test)));

    protected override nn.Module<Tensor, Tensor> CreateModel() => Run.Parameters.Get("model", "mlp") switch
    {
        "mlp" => Head(DigitsData.PixelCount),
        "cnn" => Convolutional(Run.Parameters.Get("channels", 16)),
        var other => throw new ArgumentException($"The parameter 'model' must be mlp or cnn, got '{other}'."),
    };

    protected override Tensor Loss(Tensor output, Tensor targets) => nn.functional.cross_entropy(output, targets);

    protected override void Measure(MetricSums sums, Tensor output, Batch batch) =>
        sums.Add("accuracy", output.argmax(1).eq(batch.Targets).sum(), batch.Count);

    private nn.Module<Tensor, Tensor> Convolutional(int channels)
    {
        if (channels < 1)
            throw new ArgumentException($"The parameter 'channels' must be 1 or more, got {channels}.");
        return nn.Sequential(
            ("image", nn.Unflatten(1, [1, Side, Side])),
            ("conv1", nn.Conv2d(1, channels, 3, padding: 1L)),
            ("relu1", nn.ReLU()),
            ("pool", nn.MaxPool2d(2)),
            ("conv2", nn.Conv2d(channels, channels * 2L, 3, padding: 1L)),
            ("relu2", nn.ReLU()),
            ("flatten", nn.Flatten()),
            ("head", Head(channels * 2 * (Side / 2) * (Side / 2))));
    }

    private nn.Module<Tensor, Tensor> Head(int inputs) => Perceptron.Create(new PerceptronOptions
    {
        Inputs = inputs,
        Hidden = PerceptronOptions.HiddenOf(Run.Parameters),
        Outputs = DigitsData.ClassCount,
        Activation = Run.Parameters.Get("activation", "relu"),
        Dropout = Run.Parameters.Get("dropout", 0.0),
    });

    private Examples Load(ExampleSet set)
    {
        long[] labels = [.. set.Labels.ToArray().Select(label => (long)label)];
        return new Examples(tensor(set.Features.ToArray(), set.Count, DigitsData.PixelCount, device: Torch.Device), tensor(labels, device: Torch.Device));
    }
}
