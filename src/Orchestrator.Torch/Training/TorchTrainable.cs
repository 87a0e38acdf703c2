using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch;

/// <summary>
/// A trainable on TorchSharp: say what the model, the data and the loss are, and it trains, measures, reports, saves and goes on after a kill. Every part may
/// be overridden; all of them are called on the run's thread (<see cref="TorchRun"/>), where nothing may be awaited.
/// </summary>
/// <remarks>
/// Reported after each epoch: each of <see cref="Measure"/>'s names and <c>loss</c>, as <c>trainLoss</c>, <c>valLoss</c>; at the end <c>testLoss</c>.
/// </remarks>
/// <param name="torch">The TorchSharp side of the run.</param>
public abstract class TorchTrainable(TorchRun torch) : ITrainable
{
    private const int EvaluationBatch = 1024;
    private const int LossEvery = 32; // looking waits for a GPU, and costs some microseconds on a processor
    private const string LossName = "loss";

    /// <summary>The TorchSharp side of the run: device, generator, registration.</summary>
    protected TorchRun Torch { get; } = torch;

    /// <summary>The run.</summary>
    protected RunContext Run => Torch.Run;

    /// <summary>How it is trained: the run's parameters, else <see cref="CreateOptions"/>'s values.</summary>
    protected TrainingOptions Options => field ??= CreateOptions().Read(Run.Parameters);

    /// <summary>The examples, once loaded.</summary>
    protected TrainingData Data { get; private set; } = null!;

    /// <summary>The model, once made.</summary>
    protected nn.Module<Tensor, Tensor> Model { get; private set; } = null!;

    /// <summary>What moves the model's parameters, once made.</summary>
    protected optim.Optimizer Optimizer { get; private set; } = null!;

    /// <summary>How the rate changes; <see langword="null"/>: it does not.</summary>
    protected optim.lr_scheduler.LRScheduler? Schedule { get; private set; }

    /// <inheritdoc/>
    public virtual Task TrainAsync(CancellationToken cancellationToken) => Torch.RunAsync(() => Train(cancellationToken));

    /// <summary>Options of one's own, before the run's parameters are read into them.</summary>
    protected virtual TrainingOptions CreateOptions() => new();

    /// <summary>Loads the examples onto <see cref="TorchRun.Device"/>. Called once, before anything else is made.</summary>
    protected abstract TrainingData LoadData();

    /// <summary>Makes the model; it is moved to the device and registered as <c>model</c> by the caller.</summary>
    protected abstract nn.Module<Tensor, Tensor> CreateModel();

    /// <summary>The mean loss of a batch: a tensor of one element.</summary>
    /// <param name="output">What the model said.</param>
    /// <param name="targets">What it should say.</param>
    protected abstract Tensor Loss(Tensor output, Tensor targets);

    /// <summary>Adds what else is measured of a batch, beside the loss. Nothing by default.</summary>
    /// <param name="sums">Where it is added to.</param>
    /// <param name="output">What the model said.</param>
    /// <param name="batch">The examples.</param>
    protected virtual void Measure(MetricSums sums, Tensor output, Batch batch)
    {
    }

    /// <summary>Makes the optimizer: by default as the options say.</summary>
    protected virtual optim.Optimizer CreateOptimizer() => Options.Create(Model);

    /// <summary>Makes the schedule, which takes a step after each epoch: by default as the options say.</summary>
    protected virtual optim.lr_scheduler.LRScheduler? CreateSchedule() => Options.Create(Optimizer);

    /// <summary>What the model says to a batch.</summary>
    protected virtual Tensor Forward(Tensor inputs) => Model.call(inputs);

    /// <summary>The whole of it: load, make, restore, then the epochs, then the test.</summary>
    /// <param name="cancellationToken">Looked at before each step.</param>
    protected virtual void Train(CancellationToken cancellationToken)
    {
        Data = LoadData();
        Model = Torch.Build("model", CreateModel);
        Optimizer = Torch.Register("optimizer", CreateOptimizer());
        Schedule = CreateSchedule() is { } schedule ? Torch.Register("schedule", schedule) : null;
        for (var epoch = Torch.Restore() + 1; epoch <= Options.Epochs; epoch++)
        {
            Torch.BeginEpoch(epoch);
            TrainAndReport(epoch, cancellationToken);
            Schedule?.step();
            if (IsCheckpointDue(epoch))
                Torch.Save(epoch);
        }

        if (Data.Test is { } test)
        {
            using var sums = Evaluate(test, cancellationToken);
            Run.Report(Options.Epochs, [.. Values("test", sums)]);
        }
    }

    /// <summary>Whether the state after an epoch is saved: every <see cref="TrainingOptions.CheckpointEvery"/> epochs, and after the last.</summary>
    protected virtual bool IsCheckpointDue(long epoch) =>
        Options.CheckpointEvery > 0 && (epoch % Options.CheckpointEvery == 0 || epoch == Options.Epochs);

    /// <summary>One pass over the training examples.</summary>
    /// <returns>What was measured as the batches went by, each before its own step.</returns>
    protected virtual MetricSums TrainEpoch(long epoch, CancellationToken cancellationToken)
    {
        Model.train();
        var sums = new MetricSums(Torch.Device, LossName);
        using var batches = new EpochBatches(Data.Train, EpochOrder.Of(Run.Seed, epoch, Data.Train.Count), Options.BatchSize, Torch.Device);
        for (var step = 0; step < batches.Count; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = Torch.NewStep();
            var batch = batches[step];
            sums.AddMean(LossName, TrainStep(batch, sums), batch.Count);
            if ((step + 1) % LossEvery == 0)
                CheckLoss(sums.Mean(LossName), epoch, step + 1);
        }

        CheckLoss(sums.Mean(LossName), epoch, null);
        return sums;
    }

    /// <summary>One step: forward, loss, backward, clipping, the optimizer's step, what else is measured. In a scope of its own.</summary>
    /// <returns>The batch's mean loss, which the caller adds to the sums.</returns>
    protected virtual Tensor TrainStep(Batch batch, MetricSums sums)
    {
        Optimizer.zero_grad();
        var output = Forward(batch.Inputs);
        var loss = Loss(output, batch.Targets);
        loss.backward();
        if (Options.ClipNorm > 0)
            nn.utils.clip_grad_norm_(Model.parameters(), Options.ClipNorm);
        Optimizer.step();
        using var none = no_grad();
        Measure(sums, output, batch);
        return loss;
    }

    /// <summary>Measures the model on examples, in their order, nothing dropped and nothing changed.</summary>
    protected virtual MetricSums Evaluate(Examples examples, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(examples);
        Model.eval();
        var sums = new MetricSums(Torch.Device, LossName);
        using var none = no_grad();
        for (var start = 0; start < examples.Count; start += EvaluationBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = Torch.NewStep();
            var count = Math.Min(EvaluationBatch, examples.Count - start);
            var batch = new Batch(examples.Inputs.narrow(0, start, count), examples.Targets.narrow(0, start, count), count);
            var output = Forward(batch.Inputs);
            sums.AddMean(LossName, Loss(output, batch.Targets), count);
            Measure(sums, output, batch);
        }

        return sums;
    }

    /// <summary>What is reported of sums: each mean, as <c>trainLoss</c>.</summary>
    /// <param name="part"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <param name="sums">What was measured.</param>
    protected virtual IEnumerable<(string Name, double Value)> Values(string part, MetricSums sums)
    {
        ArgumentNullException.ThrowIfNull(sums);
        return sums.Names.Select(name => ($"{part}{char.ToUpperInvariant(name[0])}{name[1..]}", sums.Mean(name)));
    }

    private void TrainAndReport(long epoch, CancellationToken cancellationToken)
    {
        using var train = TrainEpoch(epoch, cancellationToken);
        using var validation = Data.Validation is { } examples ? Evaluate(examples, cancellationToken) : null;
        Run.Report(epoch, [.. Values("train", train), .. validation is null ? [] : Values("val", validation)]);
    }

    private void CheckLoss(double loss, long epoch, int? step)
    {
        if (!double.IsFinite(loss))
            throw new NonFiniteException(FormattableString.Invariant(
                $"The training loss became {loss} in epoch {epoch}{(step is null ? "" : $", by step {step}")}, at a learning rate of {Optimizer.ParamGroups.First().LearningRate:R}."));
    }
}
