namespace Orchestrator.App.Trainables.Digits;

/// <summary>
/// <c>digits-mlp</c>: a multilayer perceptron on handwritten digits. Reports loss and accuracy on the training and validation rows
/// after each epoch, and on the test rows at the end. Saves a checkpoint after every so many epochs, and goes on from the newest.
/// </summary>
[Trainable(
    Description = "A multilayer perceptron on 8x8 handwritten digits, in managed code; deterministic per seed.",
    Parameters = ["hidden", "activation", "optimizer", "learningRate", "momentum", "weightDecay", "dropout", "batchSize", "epochs", "checkpointEvery"],
    Metrics = ["trainLoss", "trainAccuracy", "valLoss", "valAccuracy", "testLoss", "testAccuracy"])]
internal sealed class DigitsMlp(RunContext run, DigitsData data) : ITrainable
{
    private const int DefaultCheckpointEvery = 50;

    public async Task TrainAsync(CancellationToken cancellationToken)
    {
        var options = OptionsOf(run.Parameters);
        var checkpointEvery = CheckpointEvery(run.Parameters);
        var trainer = new MlpTrainer(options, data.Train, run.Random);
        run.Register("trainer", trainer);
        var done = (int)await run.Checkpoints.RestoreAsync(cancellationToken);
        for (var epoch = done + 1; epoch <= options.Epochs; epoch++)
        {
            var train = trainer.TrainEpoch(cancellationToken);
            var validation = trainer.Evaluate(data.Validation);
            await run.ReportAsync(
                epoch,
                [("trainLoss", train.Loss), ("trainAccuracy", train.Accuracy), ("valLoss", validation.Loss), ("valAccuracy", validation.Accuracy)],
                cancellationToken);
            if (checkpointEvery > 0 && epoch % checkpointEvery == 0)
                await run.Checkpoints.SaveAsync(epoch, cancellationToken);
        }

        var test = trainer.Evaluate(data.Test);
        await run.ReportAsync(options.Epochs, ("testLoss", test.Loss), ("testAccuracy", test.Accuracy), cancellationToken);
    }

    /// <summary>After how many epochs a checkpoint is saved: 0 means never, absent <see cref="DefaultCheckpointEvery"/>.</summary>
    /// <exception cref="ArgumentException">It is negative.</exception>
    internal static int CheckpointEvery(ParameterSet parameters) => parameters.Get("checkpointEvery", DefaultCheckpointEvery) is >= 0 and var epochs
        ? epochs
        : throw new ArgumentException($"checkpointEvery must be 0 (never) or a number of epochs, got {parameters["checkpointEvery"]}");

    /// <summary>Reads the run's parameters; what is absent has its default.</summary>
    /// <exception cref="ArgumentException">A value is out of range or names no choice.</exception>
    internal static MlpOptions OptionsOf(ParameterSet parameters)
    {
        var options = new MlpOptions();
        if (parameters.TryGetValue("hidden", out var hidden))
            options.Hidden = hidden.Kind == ParameterKind.List ? hidden.As<int[]>() : [hidden.As<int>()];
        if (parameters.TryGetValue("activation", out var activation))
            options.Activation = MlpOptions.ParseChoice<Activation>("activation", activation.ToString());
        if (parameters.TryGetValue("optimizer", out var optimizer))
            options.Optimizer = MlpOptions.ParseChoice<OptimizerKind>("optimizer", optimizer.ToString());
        options.LearningRate = parameters.Get("learningRate", options.LearningRate);
        options.Momentum = parameters.Get("momentum", options.Momentum);
        options.WeightDecay = parameters.Get("weightDecay", options.WeightDecay);
        options.Dropout = parameters.Get("dropout", options.Dropout);
        options.BatchSize = parameters.Get("batchSize", options.BatchSize);
        options.Epochs = parameters.Get("epochs", options.Epochs);
        options.Validate();
        return options;
    }
}
