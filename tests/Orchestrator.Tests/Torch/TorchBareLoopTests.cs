using Orchestrator.Execution;
using Orchestrator.Tests.Support;
using Orchestrator.Torch;
using Orchestrator.Torch.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

/// <summary>What <see cref="TorchTrainable"/> does, written out: the same bits come of it.</summary>
[Collection(TorchCollection.Name)]
public sealed class TorchBareLoopTests
{
    private const long Seed = 11;

    [Theory]
    [InlineData(0.0, "constant", 0.0)]
    [InlineData(0.1, "constant", 0.0)] // cut in every step
    [InlineData(1e9, "cosine", 0.0)]
    [InlineData(0.1, "cosine", 0.3)]
    public async Task TrainAsync_AgainstABareLoop_IsBitIdentical(double clipNorm, string schedule, double dropout)
    {
        await using var bench = TorchBench.New(builder => builder.AddTrainable<Kept>("kept"));
        var definition = TorchBench.Seeds("kept", 1, "valLoss",
            ("epochs", 3), ("clipNorm", clipNorm), ("schedule", schedule), ("dropout", dropout), ("optimizer", "sgd"), ("checkpointEvery", 0));
        definition.Seeds.Add(Seed);

        var result = await Sweep.RunAsync(definition, bench.Services);
        var run = Assert.Single(await result.AllAsync());
        var (weights, valLoss) = BareLoop(clipNorm, schedule, dropout);

        Assert.True(run.State == RunState.Completed, run.Failure?.Message);
        Assert.Equal(weights, Kept.Weights);
        Assert.Equal(valLoss, run.Metrics["valLoss"], 1e-5);
    }

    [Fact]
    public async Task TrainEpoch_AskedToEnd_TakesNoFurtherStep()
    {
        await using var bench = TorchBench.New(builder => builder.AddTrainable<Ends>("ends"));

        await Sweep.RunAsync(TorchBench.Seeds("ends", 1), bench.Services);

        Assert.Equal(2, Ends.Steps);
    }

    [Fact]
    public async Task TrainEpoch_EachEpoch_ShowsEveryExampleOnceInAnOrderOfItsOwn()
    {
        await using var bench = TorchBench.New(builder => builder.AddTrainable<Sees>("sees"));
        var definition = TorchBench.Seeds("sees", 1, "trainLoss", ("epochs", 2));
        definition.Seeds.Add(Seed);

        await Sweep.RunAsync(definition, bench.Services);

        Assert.Equal(EpochOrder.Of(Seed, 1, 96).Concat(EpochOrder.Of(Seed, 2, 96)), Sees.Seen);
    }

    [Fact]
    public async Task TrainEpoch_OneAfterTheOther_LeavesNoTensorAlive()
    {
        await using var bench = TorchBench.New(builder => builder.AddTrainable<Counts>("counts"));

        await Sweep.RunAsync(TorchBench.Seeds("counts", 1, "trainLoss", ("epochs", 4), ("checkpointEvery", 0)), bench.Services);

        Assert.Equal(4, Counts.Alive.Count);
        Assert.Equal(Counts.Alive[1], Counts.Alive[2]); // the first step of all makes the optimizer's moments
        Assert.Equal(Counts.Alive[2], Counts.Alive[3]);
    }

    private static (float[] Weights, double ValLoss) BareLoop(double clipNorm, string schedule, double dropout)
    {
        using var scope = NewDisposeScope();
        using var data = new Generator(7);
        var x = randn([96, 4], generator: data);
        var y = x.sum(1, keepdim: true);
        random.manual_seed(TorchSeed.OfName(Seed, "model"));
        var model = nn.Sequential(
            ("first", nn.Linear(4, 16)), ("relu", nn.ReLU()), ("drop", nn.Dropout(dropout)), ("last", nn.Linear(16, 1)));
        var optimizer = optim.SGD(model.parameters(), 0.01, 0.9);
        var rate = schedule == "constant" ? null : optim.lr_scheduler.LambdaLR(optimizer, epoch => 0.5 * (1 + Math.Cos(Math.PI * epoch / 3)));
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            random.manual_seed(TorchSeed.OfEpoch(Seed, epoch));
            model.train();
            var order = tensor(EpochOrder.Of(Seed, epoch, 96));
            for (var start = 0; start < 96; start += 32)
            {
                var rows = order.narrow(0, start, 32);
                optimizer.zero_grad();
                nn.functional.mse_loss(model.call(x.index_select(0, rows)), y.index_select(0, rows)).backward();
                if (clipNorm > 0)
                    nn.utils.clip_grad_norm_(model.parameters(), clipNorm);
                optimizer.step();
            }

            rate?.step();
        }

        model.eval();
        using var none = no_grad();
        return (WeightsOf(model), nn.functional.mse_loss(model.call(x), y).ToDouble());
    }

    private static float[] WeightsOf(nn.Module model) => [.. model.parameters().SelectMany(p => p.data<float>().ToArray())];

    /// <summary>Shows its weights at the end.</summary>
    private sealed class Kept(TorchRun torch) : LineModel(torch)
    {
        public static float[] Weights { get; private set; } = [];

        protected override void Train(CancellationToken cancellationToken)
        {
            base.Train(cancellationToken);
            Weights = WeightsOf(Model);
        }
    }

    /// <summary>Is asked to end during its second step.</summary>
    private sealed class Ends(TorchRun torch) : LineModel(torch)
    {
        private Action _end = () => { };

        public static int Steps { get; private set; }

        protected override MetricSums TrainEpoch(long epoch, CancellationToken cancellationToken)
        {
            using var source = new CancellationTokenSource();
            _end = source.Cancel;
            return base.TrainEpoch(epoch, source.Token);
        }

        protected override Tensor TrainStep(Batch batch, MetricSums sums)
        {
            if (++Steps == 2)
                _end();
            return base.TrainStep(batch, sums);
        }
    }

    /// <summary>Its examples are their own numbers.</summary>
    private sealed class Sees(TorchRun torch) : LineModel(torch)
    {
        public static List<long> Seen { get; } = [];

        protected override TrainingData LoadData()
        {
            var number = arange(96, dtype: ScalarType.Float32);
            return new TrainingData(new Examples(base.LoadData().Train.Inputs, number.unsqueeze(1)));
        }

        protected override Tensor TrainStep(Batch batch, MetricSums sums)
        {
            Seen.AddRange(batch.Targets.data<float>().ToArray().Select(n => (long)n));
            return base.TrainStep(batch, sums);
        }
    }

    /// <summary>Counts its tensors where an epoch begins.</summary>
    private sealed class Counts(TorchRun torch) : LineModel(torch)
    {
        public static List<long> Alive { get; } = [];

        protected override MetricSums TrainEpoch(long epoch, CancellationToken cancellationToken)
        {
            Alive.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            return base.TrainEpoch(epoch, cancellationToken);
        }
    }
}
