using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch.Tabular;

/// <summary>
/// <c>torch-tabular</c>: a multilayer perceptron on any CSV file, for classes or for a number. What features are standardised by comes from the training rows only.
/// </summary>
[Trainable(
    Description = "A multilayer perceptron on any CSV file: classification or regression of one column by the others, with TorchSharp.",
    Parameters =
    [
        "data", "target", "task", "ignore", "header", "validationPart", "testPart", "splitSeed", "hidden", "layers", "activation", "dropout",
        "epochs", "batchSize", "optimizer", "learningRate", "momentum", "weightDecay", "clipNorm", "schedule", "warmupEpochs", "checkpointEvery",
    ],
    Metrics =
    [
        "trainLoss", "valLoss", "testLoss", "trainAccuracy", "valAccuracy", "testAccuracy",
        "trainRmse", "valRmse", "testRmse", "trainMae", "valMae", "testMae",
    ])]
internal sealed partial class TorchTabular(TorchRun torch) : TorchTrainable(torch)
{
    private const string Accuracy = "accuracy";
    private const string SquaredError = "squaredError";
    private const string AbsoluteError = "mae";
    private TabularTable? _table;

    private TabularTable Table => _table ??= TabularTable.Load(TabularOptions.Of(Run.Parameters));

    private bool IsClassification => Table.ClassCount > 0;

    protected override TrainingData LoadData()
    {
        foreach (var note in Table.Notes)
            LogNote(Run.Logger, note);
        return new TrainingData(Part(Table.Split.Train)!, Part(Table.Split.Validation), Part(Table.Split.Test));
    }

    protected override nn.Module<Tensor, Tensor> CreateModel() => Perceptron.Create(new PerceptronOptions
    {
        Inputs = Table.Width,
        Hidden = PerceptronOptions.HiddenOf(Run.Parameters),
        Outputs = IsClassification ? Table.ClassCount : 1,
        Activation = Run.Parameters.Get("activation", "relu"),
        Dropout = Run.Parameters.Get("dropout", 0.0),
    });

    protected override Tensor Loss(Tensor output, Tensor targets) =>
        IsClassification ? nn.functional.cross_entropy(output, targets) : nn.functional.mse_loss(output, targets);

    protected override void Measure(MetricSums sums, Tensor output, Batch batch)
    {
        if (IsClassification)
        {
            sums.Add(Accuracy, output.argmax(1).eq(batch.Targets).sum(), batch.Count);
            return;
        }

        var error = (output - batch.Targets) * Table.TargetDeviation;
        sums.Add(SquaredError, error.square().sum(), batch.Count);
        sums.Add(AbsoluteError, error.abs().sum(), batch.Count);
    }

    protected override IEnumerable<(string Name, double Value)> Values(string part, MetricSums sums) =>
        base.Values(part, sums).Select(v => v.Name == part + "SquaredError" ? (part + "Rmse", Math.Sqrt(v.Value)) : v);

    private Examples? Part(int[] rows)
    {
        if (rows.Length == 0)
            return null;
        var inputs = tensor(Table.Features(rows), rows.Length, Table.Width, device: Torch.Device);
        var targets = IsClassification
            ? tensor(Table.ClassTargets(rows), device: Torch.Device)
            : tensor(Table.NumberTargets(rows), rows.Length, 1, device: Torch.Device);
        return new Examples(inputs, targets);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Note}")]
    private static partial void LogNote(ILogger logger, string note);
}
