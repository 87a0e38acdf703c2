using Orchestrator.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.EndToEnd.Torch;

/// <summary>Trains a perceptron, and reports what it found when it began: tensors of runs before it, and the memory of its process.</summary>
public sealed class Lives(TorchRun torch) : TorchTrainable(torch)
{
    private const int Parameters = 4;
    private static long s_begun;
    private static long s_probed;

    protected override TrainingOptions CreateOptions() => new() { Epochs = 3, BatchSize = 32 };

    protected override TrainingData LoadData()
    {
        var found = Tensor.TotalCount - s_probed;
        found -= s_begun++ * Parameters * CountedTooOften();
        Run.Report(0, ("tensors", found), ("resident", Environment.WorkingSet), ("process", Environment.ProcessId));
        using var generator = new Generator(7);
        var x = randn([960, 64], generator: generator);
        var y = x.sum(1, keepdim: true);
        return new TrainingData(new Examples(x, y), new Examples(x, y));
    }

    protected override nn.Module<Tensor, Tensor> CreateModel() =>
        nn.Sequential(("first", nn.Linear(64, 64)), ("relu", nn.ReLU()), ("drop", nn.Dropout(0.1)), ("last", nn.Linear(64, 1)));

    protected override Tensor Loss(Tensor output, Tensor targets) => nn.functional.mse_loss(output, targets);

    /// <summary>TorchSharp counts a parameter that is made of a tensor once more, and never takes that back (0.106.0): how often, is asked of it.</summary>
    private static long CountedTooOften()
    {
        var before = Tensor.TotalCount;
        using (nn.Linear(1, 1))
        {
        }

        var drift = Tensor.TotalCount - before;
        s_probed += drift;
        return drift / 2;
    }
}
