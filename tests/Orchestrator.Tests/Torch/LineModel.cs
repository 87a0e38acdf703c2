using Orchestrator.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

/// <summary>Learns the sum of four numbers, with dropout: it draws from the default generator.</summary>
internal class LineModel(TorchRun torch) : TorchTrainable(torch)
{
    private const int Rows = 96;

    protected override TrainingOptions CreateOptions() => new() { Epochs = 4, BatchSize = 32, LearningRate = 0.01 };

    protected override TrainingData LoadData()
    {
        using var generator = new Generator(7); // the data are the same for every run
        var x = randn([Rows, 4], generator: generator, device: Torch.Device);
        var y = x.sum(1, keepdim: true);
        return new TrainingData(new Examples(x, y), new Examples(x, y));
    }

    protected override nn.Module<Tensor, Tensor> CreateModel() => nn.Sequential(
        ("first", nn.Linear(4, 16)), ("relu", nn.ReLU()), ("drop", nn.Dropout(Run.Parameters.Get("dropout", 0.1))), ("last", nn.Linear(16, 1)));

    protected override Tensor Loss(Tensor output, Tensor targets) => nn.functional.mse_loss(output, targets);
}

/// <summary>The same without dropout: all that it draws is the run's own.</summary>
internal sealed class OwnLineModel : LineModel
{
    public OwnLineModel(TorchRun torch)
        : base(torch) => torch.SharesProcess = true;

    protected override nn.Module<Tensor, Tensor> CreateModel() =>
        nn.Sequential(("first", nn.Linear(4, 16)), ("relu", nn.ReLU()), ("last", nn.Linear(16, 1)));

    protected override Tensor Forward(Tensor inputs) => Model.training
        ? base.Forward(inputs + (0.01 * randn([.. inputs.shape], generator: Torch.Generator)))
        : base.Forward(inputs);
}
