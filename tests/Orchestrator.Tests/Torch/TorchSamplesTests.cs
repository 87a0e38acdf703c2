using Orchestrator.Execution;
using Orchestrator.Tests.Support;
using Orchestrator.Torch;

namespace Orchestrator.Tests.Torch;

[Collection(TorchCollection.Name)]
public sealed class TorchSamplesTests
{
    [Theory]
    [InlineData("sum", "valLoss")]
    [InlineData("loop", "loss")]
    [InlineData("sharing", "valLoss")]
    public async Task Samples_OfTheDocument_Train(string trainable, string metric)
    {
        await using var bench = TorchBench.New(builder => builder
            .AddTrainable<SumModel>("sum").AddTrainable<SumLoop>("loop").AddTrainable<SharingSumModel>("sharing"));

        var result = await Sweep.RunAsync(TorchBench.Seeds(trainable, 2, metric), bench.Services);
        var runs = await result.AllAsync();

        Assert.All(runs, run => Assert.True(run.State == RunState.Completed, run.Failure?.Message));
        Assert.All(runs, run => Assert.DoesNotContain("alive", bench.LogOf(run), StringComparison.Ordinal));
    }
}
