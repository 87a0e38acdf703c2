using Orchestrator.Execution;
using Orchestrator.Storage;
using Orchestrator.Tests.Support;
using Orchestrator.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

[Collection(TorchCollection.Name)]
public sealed class TorchTrainableTests
{
    private static SweepBench NewBench() => TorchBench.New(builder => builder
        .AddTrainable<LineModel>("line").AddTrainable<OwnLineModel>("own").AddTrainable<Diverges>("diverges").AddTrainable<OwnStep>("own-step").AddTrainable<Counts>("counts"));

    [Theory]
    [InlineData("line")]
    [InlineData("own")]
    public async Task TrainAsync_TheSameSweep_IsBitIdenticalOnAnyNumberOfWorkers(string trainable)
    {
        var definition = TorchBench.Seeds(trainable, 6);
        var results = new List<double[]>();

        foreach (var workers in new[] { 1, 3 })
        {
            await using var bench = NewBench();
            var result = await Sweep.RunAsync(definition, bench.Services, new SweepOptions { Workers = workers });
            results.Add([.. (await result.AllAsync()).OrderBy(r => r.Number).Select(r => r.Objective!.Value)]);
        }

        Assert.Equal(results[0], results[1]);
        Assert.Equal(6, results[0].Distinct().Count());
    }

    [Fact]
    public async Task TrainAsync_AllIsWell_ReportsBothPartsAndLeavesNothing()
    {
        await using var bench = NewBench();

        var result = await Sweep.RunAsync(TorchBench.Seeds("line", 1, "valLoss"), bench.Services);
        var run = Assert.Single(await result.AllAsync());

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(["trainLoss", "valLoss"], run.Metrics.Keys.Order());
        Assert.True(run.Metrics["valLoss"] < 4, $"valLoss is {run.Metrics["valLoss"]}");
        Assert.DoesNotContain("alive", bench.LogOf(run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(32, "in epoch 2, at")] // 3 steps: seen at the epoch's end
    [InlineData(1, "in epoch 1, by step 32, at")] // 96 of them: before it
    public async Task TrainAsync_LossIsNoNumber_FailsAsNonFiniteAndSaysWhere(int batchSize, string where)
    {
        await using var bench = NewBench();

        var result = await Sweep.RunAsync(TorchBench.Seeds("diverges", 1, "trainLoss", ("batchSize", batchSize)), bench.Services);
        var failure = Assert.Single(await result.AllAsync()).Failure!;

        Assert.Equal(FailureKind.NonFinite, failure.Kind);
        Assert.Equal($"The training loss became NaN {where} a learning rate of 0.01.", failure.Message);
    }

    [Fact]
    public async Task TrainAsync_OwnStep_ReportsTheLossThatItReturns()
    {
        await using var bench = NewBench();

        var result = await Sweep.RunAsync(TorchBench.Seeds("own-step", 1), bench.Services);

        Assert.Equal(0.25, Assert.Single(await result.AllAsync()).Metrics["trainLoss"]);
    }

    [Fact]
    public async Task TrainAsync_AskedToEnd_StopsBetweenSteps()
    {
        await using var bench = NewBench();
        var definition = TorchBench.Seeds("counts", 1, "trainLoss", ("epochs", 1_000_000));
        definition.Timeout = TimeSpan.FromSeconds(1);

        var result = await Sweep.RunAsync(definition, bench.Services);

        Assert.Equal(FailureKind.Timeout, Assert.Single(await result.AllAsync()).Failure!.Kind);
    }

    [Fact]
    public async Task TrainAsync_ShapesThatDoNotFit_FailReadably()
    {
        await using var bench = NewBench();

        var run = await bench.OnThreadAsync(_ => zeros(2, 3).mm(zeros(4, 5)));

        Assert.Equal(FailureKind.Exception, run.Failure!.Kind);
        Assert.StartsWith("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", run.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAsync_MemoryThatThereIsNot_FailsReadably()
    {
        await using var bench = NewBench();

        var run = await bench.OnThreadAsync(_ => zeros(1L << 50));

        Assert.Equal(FailureKind.OutOfMemory, run.Failure!.Kind);
        Assert.Contains("can't allocate memory", run.Failure.Message.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void EpochOrder_OfEachEpoch_IsItsOwnAndAlwaysTheSame()
    {
        var first = EpochOrder.Of(5, 1, 100);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), first.Order());
        Assert.Equal(first, EpochOrder.Of(5, 1, 100));
        Assert.NotEqual(first, EpochOrder.Of(5, 2, 100));
        Assert.NotEqual(first, EpochOrder.Of(6, 1, 100));
    }

    [Theory]
    [InlineData("constant", 0, new[] { 1.0, 1, 1, 1 })]
    [InlineData("linear", 0, new[] { 1, 0.75, 0.5, 0.25 })]
    [InlineData("linear", 1, new[] { 0.5, 1, 2 / 3.0, 1 / 3.0 })]
    [InlineData("cosine", 0, new[] { 1, 0.85355339, 0.5, 0.14644661 })]
    public void FactorOf_Schedule_IsAsDescribed(string schedule, int warmup, double[] factors)
    {
        var options = new TrainingOptions { Epochs = 4, Schedule = schedule, WarmupEpochs = warmup };

        for (var epoch = 0; epoch < factors.Length; epoch++)
            Assert.Equal(factors[epoch], options.FactorOf(epoch), 1e-8);
    }

    [Theory]
    [InlineData("epochs", 0, "1 or more")]
    [InlineData("learningRate", 0.0, "above 0")]
    [InlineData("momentum", 1.0, "from 0 to below 1")]
    [InlineData("optimizer", "lion", "adam, adamw, sgd or rmsprop")]
    [InlineData("schedule", "up", "constant, linear, cosine or step")]
    [InlineData("warmupEpochs", 10, "below epochs (10)")]
    public void Read_ValueOutOfRange_NamesParameterRuleAndValue(string name, object value, string rule)
    {
        var parameters = new ParameterSet([KeyValuePair.Create(name, value switch
        {
            int number => (ParameterValue)number,
            double number => number,
            _ => (string)value,
        })]);

        var cause = Assert.Throws<ArgumentException>(() => new TrainingOptions().Read(parameters));

        Assert.Contains($"'{name}'", cause.Message, StringComparison.Ordinal);
        Assert.Contains(rule, cause.Message, StringComparison.Ordinal);
    }

    private sealed class Diverges(TorchRun torch) : LineModel(torch)
    {
        private int _steps;

        protected override Tensor Loss(Tensor output, Tensor targets) => ++_steps > 3 + 1 ? base.Loss(output, targets) * double.NaN : base.Loss(output, targets);
    }

    /// <summary>Its steps say another loss, as a tensor with a dimension.</summary>
    private sealed class OwnStep(TorchRun torch) : LineModel(torch)
    {
        protected override Tensor TrainStep(Batch batch, MetricSums sums)
        {
            base.TrainStep(batch, sums);
            return full(1, 0.25, requires_grad: true);
        }
    }

    private sealed class Counts(TorchRun torch) : LineModel(torch)
    {
        protected override bool IsCheckpointDue(long epoch) => false;
    }
}
