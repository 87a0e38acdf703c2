using Orchestrator.Execution;
using Orchestrator.Storage;
using Orchestrator.Tests.Support;
using Orchestrator.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

/// <summary>Checkpoints of real trainings, and whose modules are whose.</summary>
[Collection(TorchCollection.Name)]
public sealed class TorchCheckpointTests
{
    private static SweepBench NewBench() => TorchBench.New(builder => builder
        .AddTrainable<LineModel>("line").AddTrainable<OwnLineModel>("own").AddTrainable<FailsOnce>("fails-once"));

    [Theory]
    [InlineData("constant", "adam")]
    [InlineData("cosine", "sgd")]
    public async Task Restore_AfterAFailure_ReachesTheSameBits(string schedule, string optimizer)
    {
        var whole = await RunAsync("line", schedule, optimizer);
        var resumed = await RunAsync("fails-once", schedule, optimizer);

        Assert.Equal(1, whole.Attempts);
        Assert.Equal(2, resumed.Attempts);
        Assert.Equal(whole.Metrics, resumed.Metrics);
    }

    [Theory]
    [InlineData("the module")]
    [InlineData("a part of it")]
    [InlineData("a module around it")]
    [InlineData("a parameter of it")]
    [InlineData("the same memory")]
    [InlineData("an optimizer of it")]
    public async Task Register_WhatAnotherRunHas_IsRefusedWithItsName(string what)
    {
        await using var bench = NewBench();
        var inner = new TaskCompletionSource<nn.Module<Tensor, Tensor>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string? first = null;

        var result = await bench.RunAsync(SweepBench.Definition(2), async (run, token) =>
        {
            await using var torch = new TorchRun(run) { SharesProcess = true };
            if (Interlocked.CompareExchange(ref first, run.Id, null) is null)
            {
                inner.SetResult(await torch.RunAsync(() => torch.Build("mine", () => nn.Sequential(("a", nn.Linear(2, 2)), ("b", nn.Linear(2, 1))))));
                await done.Task.WaitAsync(token);
            }
            else
            {
                try
                {
                    var theirs = await inner.Task.WaitAsync(token);
                    var cause = await Assert.ThrowsAsync<ModuleAlreadyRegisteredException>(() => torch.RunAsync(() => torch.Register("other", Of(what, theirs))));
                    Assert.Contains(first, cause.Message, StringComparison.Ordinal);
                }
                finally
                {
                    done.SetResult();
                }
            }

            await TestRuns.Report(run, token);
        });

        Assert.True(result.Counts.Completed == 2, string.Join('\n', (await result.AllAsync()).Select(r => r.Failure?.Message)));
    }

    [Fact]
    public async Task Unregister_AModule_LeavesItToItsOwner()
    {
        await using var bench = NewBench();
        nn.Module? kept = null;

        await bench.OnThreadAsync(torch =>
        {
            kept = torch.Build("mine", () => nn.Linear(2, 2));
            Assert.True(torch.Unregister("mine"));
            Assert.False(torch.Unregister("mine"));
        });

        Assert.All(kept!.parameters(), p => Assert.False(p.IsInvalid));
        var run = await bench.OnThreadAsync(torch => torch.Register("again", kept));
        Assert.Equal(RunState.Completed, run.State);
        Assert.All(kept.parameters(), p => Assert.True(p.IsInvalid));
    }

    [Fact]
    public async Task Restore_DefaultGenerator_DrawsOnWhereItWas()
    {
        await using var bench = NewBench();
        var definition = SweepBench.Definition(1, d => d.Retry.MaxAttempts = 2);
        var drawn = new List<float[]>();

        var result = await bench.RunAsync(definition, async (run, token) =>
        {
            await using var torch = new TorchRun(run);
            await torch.RunAsync(() =>
            {
                if (torch.Restore() == 0)
                {
                    using var some = rand(10);
                    using var others = rand([10], generator: torch.Generator);
                    torch.Save(1);
                }

                using var next = rand(4);
                using var own = rand([4], generator: torch.Generator);
                drawn.Add([.. next.data<float>().ToArray(), .. own.data<float>().ToArray()]);
                if (drawn.Count == 1)
                    throw new InvalidOperationException("once more");
            });
            await TestRuns.Report(run, token);
        }, workers: 1);

        Assert.Equal(1, result.Counts.Completed);
        Assert.Equal(drawn[0], drawn[1]);
    }

    private static object Of(string what, nn.Module<Tensor, Tensor> theirs) => what switch
    {
        "the module" => theirs,
        "a part of it" => theirs.children().First(),
        "a module around it" => nn.Sequential(("outer", theirs)),
        "a parameter of it" => theirs.parameters().First(),
        "the same memory" => nn.Parameter(theirs.parameters().First().detach()),
        "an optimizer of it" => optim.SGD(theirs.parameters(), 0.1),
        _ => throw new ArgumentException(what),
    };

    private static async Task<RunRecord> RunAsync(string trainable, string schedule, string optimizer)
    {
        await using var bench = NewBench();
        var definition = TorchBench.Seeds(trainable, 1, "valLoss", ("schedule", schedule), ("optimizer", optimizer), ("epochs", 6), ("checkpointEvery", 2));
        definition.Retry.MaxAttempts = 2;
        var result = await Sweep.RunAsync(definition, bench.Services);
        var run = Assert.Single(await result.AllAsync());
        Assert.True(run.State == RunState.Completed, run.Failure?.Message);
        return run;
    }

    /// <summary>Fails in epoch 6: it goes on from the checkpoint of epoch 4.</summary>
    private sealed class FailsOnce(TorchRun torch) : LineModel(torch)
    {
        protected override MetricSums TrainEpoch(long epoch, CancellationToken cancellationToken)
        {
            if (epoch == 6 && Run.Info.Attempt == 1)
                throw new InvalidOperationException("once");
            if (Run.Info.Attempt == 2)
                Assert.True(epoch >= 5, "it began anew");
            return base.TrainEpoch(epoch, cancellationToken);
        }
    }
}
