using Orchestrator.Execution;
using Orchestrator.Storage;
using Orchestrator.Tests.Support;
using Orchestrator.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

/// <summary>What outlives a run on purpose, and what is said where something does not.</summary>
[Collection(TorchCollection.Name)]
public sealed class TorchSharingTests
{
    [Fact]
    public async Task Share_ByTheNextRun_IsTheSameAndAlive()
    {
        await using var bench = TorchBench.New();
        var seen = new List<Tensor>();
        var made = 0;

        for (var i = 0; i < 2; i++)
        {
            var run = await bench.OnThreadAsync(torch => seen.Add(torch.Share("shared by two", () =>
            {
                made++;
                return arange(4) * 2;
            })));
            Assert.DoesNotContain("alive", bench.LogOf(run), StringComparison.Ordinal);
        }

        Assert.Equal(1, made);
        Assert.Same(seen[0], seen[1]);
        Assert.Equal([0L, 2, 4, 6], seen[1].data<long>().ToArray());
    }

    [Fact]
    public async Task Share_AnotherTypeOfTheSameName_IsAnother()
    {
        await using var bench = TorchBench.New();

        var run = await bench.OnThreadAsync(torch =>
        {
            Assert.Equal("text", torch.Share("two types", () => "text"));
            Assert.Equal([1], torch.Share("two types", () => new[] { 1 }));
        });

        Assert.True(run.State == RunState.Completed, run.Failure?.Message);
    }

    [Fact]
    public async Task RunAsync_StaticDataOfAnEarlierRun_FailsWithTheRemedy()
    {
        await using var bench = TorchBench.New();
        Tensor? kept = null;

        var first = await bench.OnThreadAsync(_ => (kept ??= rand(4)).sum());
        var second = await bench.OnThreadAsync(_ => (kept ??= rand(4)).sum());

        Assert.Equal(RunState.Completed, first.State);
        Assert.Equal(FailureKind.Exception, second.Failure!.Kind);
        Assert.StartsWith("A tensor was used that is no longer there", second.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("TorchRun.Share", second.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TensorMadeOutsideOfAnyRun_OutlivesTheRunsThatUseIt()
    {
        await using var bench = TorchBench.New();
        using var data = ones(4);

        for (var i = 0; i < 2; i++)
        {
            var run = await bench.OnThreadAsync(_ => Assert.Equal(4, data.sum().ToSingle()));
            Assert.True(run.State == RunState.Completed, run.Failure?.Message);
        }
    }

    [Fact]
    public async Task Register_ModuleCapturedByTwoRuns_IsRefusedWithTheRunThatItEndedWith()
    {
        await using var bench = TorchBench.New();
        var captured = nn.Linear(2, 2);

        var first = await bench.OnThreadAsync(torch => torch.Register("model", captured));
        var second = await bench.OnThreadAsync(torch => torch.Register("model", captured));

        Assert.Equal(RunState.Completed, first.State);
        Assert.Contains("'model' (Linear) cannot be registered: it is disposed.", second.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains($"It was registered in attempt 1 of run {first.Id} as 'model'", second.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_SingletonsModuleHandedOnByItsOptimizer_WarnsInTheLaterRun()
    {
        await using var bench = TorchBench.New();
        using var singleton = nn.Linear(2, 2);

        var first = await bench.OnThreadAsync(torch => torch.Register("optimizer", optim.SGD(singleton.parameters(), 0.1)));
        var second = await bench.OnThreadAsync(torch => torch.Register("optimizer", optim.SGD(singleton.parameters(), 0.1)));

        Assert.DoesNotContain("goes on with", bench.LogOf(first), StringComparison.Ordinal);
        Assert.Contains($"'optimizer' was registered in attempt 1 of run {first.Id}", bench.LogOf(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_ListOfTensors_IsRefusedByName()
    {
        await using var bench = TorchBench.New();

        var run = await bench.OnThreadAsync(torch => torch.Register("weights", new List<Tensor> { rand(2) }));

        Assert.Contains("'weights' (List<Tensor>) cannot be registered", run.Failure!.Message, StringComparison.Ordinal);
    }
}
