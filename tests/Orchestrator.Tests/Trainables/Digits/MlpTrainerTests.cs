using Orchestrator.App.Trainables.Digits;
using Orchestrator.Numerics;

namespace Orchestrator.Tests.Trainables.Digits;

public class MlpTrainerTests
{
    private static readonly DigitsData Data = DigitsData.Load();

    [Theory]
    [InlineData(nameof(Activation.Relu), nameof(OptimizerKind.Momentum))]
    [InlineData(nameof(Activation.Tanh), nameof(OptimizerKind.Sgd))]
    [InlineData(nameof(Activation.Sigmoid), nameof(OptimizerKind.Adam))]
    [InlineData(nameof(Activation.Gelu), nameof(OptimizerKind.Adam))]
    public async Task TrainEpoch_SameSeed_IsBitIdenticalAloneOrBesideOthers(string activation, string optimizer)
    {
        var options = new MlpOptions
        {
            Hidden = [33, 20],
            Activation = Enum.Parse<Activation>(activation),
            Optimizer = Enum.Parse<OptimizerKind>(optimizer),
            Dropout = 0.1,
            WeightDecay = 0.01,
        };
        var alone = Train(options, seed: 1, epochs: 2);
        using var start = new Barrier(8);
        var beside = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Train(options, seed: 1, epochs: 2);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        foreach (var bits in beside)
            Assert.Equal(alone, bits);
        Assert.NotEqual(alone, Train(options, seed: 2, epochs: 2));
    }

    [Theory]
    [InlineData(nameof(OptimizerKind.Sgd), 0.5)]
    [InlineData(nameof(OptimizerKind.Momentum), 0.1)]
    [InlineData(nameof(OptimizerKind.Adam), 0.01)]
    public void TrainEpoch_FewRows_OverfitsThem(string optimizer, double learningRate)
    {
        var rows = new ExampleSet(
            [.. Enumerable.Range(0, 32).SelectMany(row => Data.Train.Row(row).ToArray())], Data.Train.Labels[..32].ToArray(), 64, 10);
        var options = new MlpOptions { Optimizer = Enum.Parse<OptimizerKind>(optimizer), LearningRate = learningRate };
        var trainer = new MlpTrainer(options, rows, new Random(1));
        var first = trainer.TrainEpoch(CancellationToken.None);
        for (var epoch = 0; epoch < 200; epoch++)
            trainer.TrainEpoch(CancellationToken.None);
        Assert.InRange(first.Loss, 1.5, 4);
        var last = trainer.Evaluate(rows);
        Assert.InRange(last.Loss, 0, 0.02);
        Assert.Equal(1, last.Accuracy);
    }

    [Fact]
    public void TrainEpoch_Digits_Generalises()
    {
        var trainer = new MlpTrainer(new MlpOptions { Hidden = [64], LearningRate = 0.01 }, Data.Train, new Random(1));
        for (var epoch = 0; epoch < 12; epoch++)
            trainer.TrainEpoch(CancellationToken.None);
        Assert.InRange(trainer.Evaluate(Data.Validation).Accuracy, 0.955, 1);
        Assert.InRange(trainer.Evaluate(Data.Test).Accuracy, 0.95, 1);
    }

    [Fact]
    public void TrainEpoch_EveryRow_CountsOnce()
    {
        // At a rate too small to move anything, the epoch's mean is the evaluation's, whatever the order; the last batch is smaller.
        var options = new MlpOptions { Optimizer = OptimizerKind.Sgd, LearningRate = 1e-12, BatchSize = 100 };
        var trainer = new MlpTrainer(options, Data.Train, new Random(1));
        var trained = trainer.TrainEpoch(CancellationToken.None);
        var evaluated = trainer.Evaluate(Data.Train);
        Assert.Equal(evaluated.Loss, trained.Loss, 1e-5);
        Assert.Equal(evaluated.Accuracy, trained.Accuracy);
        Assert.Equal(11, trainer.Optimizer.StepCount);
    }

    [Fact]
    public void Evaluate_AnyBatchSize_GivesTheSame()
    {
        var small = new MlpTrainer(new MlpOptions { BatchSize = 7 }, Data.Train, new Random(1)).Evaluate(Data.Validation);
        var all = new MlpTrainer(new MlpOptions { BatchSize = 65536 }, Data.Train, new Random(1)).Evaluate(Data.Validation);
        Assert.Equal(all.Loss, small.Loss, 1e-12);
        Assert.Equal(all.Accuracy, small.Accuracy);
    }

    [Fact]
    public void Evaluate_WithDropout_DropsNothing()
    {
        var without = new MlpTrainer(new MlpOptions(), Data.Train, new Random(1)).Evaluate(Data.Validation);
        var with = new MlpTrainer(new MlpOptions { Dropout = 0.5 }, Data.Train, new Random(1)).Evaluate(Data.Validation);
        Assert.Equal(without, with);
    }

    [Theory]
    [InlineData(nameof(OptimizerKind.Adam), nameof(Activation.Gelu), 0.2)]
    [InlineData(nameof(OptimizerKind.Momentum), nameof(Activation.Relu), 0)]
    public void TrainEpoch_Warm_AllocatesNothing(string optimizer, string activation, double dropout)
    {
        var options = new MlpOptions
        {
            Hidden = [16, 8],
            Optimizer = Enum.Parse<OptimizerKind>(optimizer),
            Activation = Enum.Parse<Activation>(activation),
            Dropout = dropout,
            WeightDecay = 0.1,
        };
        var trainer = new MlpTrainer(options, Data.Train, new Random(1));
        trainer.TrainEpoch(CancellationToken.None);
        trainer.Evaluate(Data.Test);
        var before = GC.GetAllocatedBytesForCurrentThread();
        trainer.TrainEpoch(CancellationToken.None);
        trainer.Evaluate(Data.Test);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void TrainEpoch_Cancelled_StopsBeforeTheNextBatch()
    {
        var trainer = new MlpTrainer(new MlpOptions(), Data.Train, new Random(1));
        Assert.Throws<OperationCanceledException>(() => trainer.TrainEpoch(new CancellationToken(canceled: true)));
        Assert.Equal(0, trainer.Optimizer.StepCount);
    }

    [Fact]
    public void TrainEpoch_Diverged_ReportsALossThatIsNotFinite()
    {
        var options = new MlpOptions { Optimizer = OptimizerKind.Sgd, LearningRate = 1e30 };
        var trainer = new MlpTrainer(options, Data.Train, new Random(1));
        trainer.TrainEpoch(CancellationToken.None);
        Assert.False(double.IsFinite(trainer.TrainEpoch(CancellationToken.None).Loss));
        Assert.Equal(0, trainer.Evaluate(Data.Test).Accuracy);
    }

    [Theory]
    [InlineData(nameof(OptimizerKind.Sgd))]
    [InlineData(nameof(OptimizerKind.Momentum))]
    [InlineData(nameof(OptimizerKind.Adam))]
    public void State_SavedAndLoadedInAnotherTrainer_GoesOnBitForBit(string optimizer)
    {
        var options = new MlpOptions { Hidden = [17, 9], Optimizer = Enum.Parse<OptimizerKind>(optimizer), Dropout = 0.1, WeightDecay = 0.01, LearningRate = 0.02 };
        var random = new SeededRandom(5);
        var trainer = new MlpTrainer(options, Data.Train, random);
        trainer.TrainEpoch(CancellationToken.None);
        using var saved = new MemoryStream();
        trainer.SaveState(saved);
        var generator = new byte[SeededRandom.StateLength];
        random.SaveState(generator);
        trainer.TrainEpoch(CancellationToken.None);

        var otherRandom = new SeededRandom(6);
        var other = new MlpTrainer(options, Data.Train, otherRandom);
        other.TrainEpoch(CancellationToken.None); // it has a past of its own
        saved.Position = 0;
        other.LoadState(saved);
        otherRandom.LoadState(generator);
        other.TrainEpoch(CancellationToken.None);

        Assert.Equal(saved.Length, saved.Position);
        Assert.Equal(trainer.Evaluate(Data.Test), other.Evaluate(Data.Test));
        Assert.Equal(Bits(trainer), Bits(other));
        Assert.Equal(trainer.Optimizer.StepCount, other.Optimizer.StepCount);
    }

    [Fact]
    public void LoadState_OfAnotherNetwork_IsAnError()
    {
        using var saved = new MemoryStream();
        new MlpTrainer(new MlpOptions { Hidden = [8] }, Data.Train, new Random(1)).SaveState(saved);
        saved.Position = 0;
        Assert.Throws<InvalidDataException>(() => new MlpTrainer(new MlpOptions { Hidden = [9] }, Data.Train, new Random(1)).LoadState(saved));
    }

    [Fact]
    public void Constructor_InvalidOptions_Throws() =>
        Assert.Throws<ArgumentException>(() => new MlpTrainer(new MlpOptions { Dropout = 1 }, Data.Train, new Random(1)));

    [Fact]
    public void Evaluate_OtherShape_IsAnError()
    {
        var trainer = new MlpTrainer(new MlpOptions(), Data.Train, new Random(1));
        Assert.Throws<ArgumentException>(() => trainer.Evaluate(new ExampleSet([1f], [0], featureCount: 1, classCount: 10)));
    }

    private static int[] Train(MlpOptions options, int seed, int epochs)
    {
        var trainer = new MlpTrainer(options, Data.Train, new Random(seed));
        for (var epoch = 0; epoch < epochs; epoch++)
            trainer.TrainEpoch(CancellationToken.None);
        return Bits(trainer);
    }

    private static int[] Bits(MlpTrainer trainer) => [.. trainer.Parameters.Values.ToArray().Select(BitConverter.SingleToInt32Bits)];
}
