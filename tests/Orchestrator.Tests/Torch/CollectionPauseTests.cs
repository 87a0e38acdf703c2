using System.Runtime;
using System.Runtime.InteropServices;
using Orchestrator.Tests.Support;
using Orchestrator.Torch.Runs;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

[Collection(TorchCollection.Name)]
public sealed class CollectionPauseTests
{
    /// <summary>
    /// The defect itself. Without the pause some step fails within the first seconds ("Expected false to be true"), most times: a collection must come
    /// between a number's last use in .NET and its first in the native library.
    /// </summary>
    [Fact]
    public async Task NewStep_AnotherThreadAllocates_NoNativeCallIsDisturbed()
    {
        const int Steps = 10_000;
        await using var bench = TorchBench.New();
        using var begun = new AutoResetEvent(false);
        var (failed, isOver) = (0, false);
        var noise = new Thread(() =>
        {
            while (begun.WaitOne() && !Volatile.Read(ref isOver))
                Allocate(2000);
        });
        noise.Start();

        var run = await bench.OnThreadAsync(torch =>
        {
            var x = zeros(1, dtype: ScalarType.Float64);
            for (var step = 0; step < Steps; step++)
            {
                using var scope = torch.NewStep();
                begun.Set();
                try
                {
                    for (var i = 0; i < 50; i++)
                        x.add_(1.0);
                }
                catch (ExternalException)
                {
                    failed++;
                }
            }
        });
        Volatile.Write(ref isOver, true);
        begun.Set();
        noise.Join();

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(0, failed);
    }

    [Theory]
    [InlineData("step")]
    [InlineData("epoch")]
    public async Task NewStep_MuchIsAllocatedWithin_CollectionsAreMadeBetween(string what)
    {
        const int Steps = 500;
        await using var bench = TorchBench.New();
        var (within, between) = (0, 0);

        await bench.OnThreadAsync(torch =>
        {
            for (var step = 0; step < Steps; step++)
            {
                var before = GC.CollectionCount(0);
                using var scope = what == "step" ? torch.NewStep() : NewDisposeScope();
                if (what == "epoch")
                    torch.BeginEpoch(step);
                var begun = GC.CollectionCount(0);
                Allocate(2000); // a gigabyte in all: without the pause every collection is one within a step
                within += GC.CollectionCount(0) - begun;
                between += begun - before;
            }
        });

        Assert.True(between >= 50, $"{between} between steps");
        Assert.True(within <= between / 20, $"{within} within steps, {between} between"); // other tests allocate, too
    }

    [Fact]
    public void CollectionPause_EndedOrUsedUp_LeavesTheProcessAsItWas()
    {
        var pause = new CollectionPause();

        pause.Renew();
        pause.Renew();
        GC.Collect(); // ends it from outside
        pause.Renew();
        pause.End();
        pause.End();

        Assert.NotEqual(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
    }

    [Fact]
    public void Renew_CollectorComesLate_CollectsInGoodTime()
    {
        var pause = new CollectionPause(long.MaxValue);
        pause.Renew();
        var before = GC.CollectionCount(0);

        pause.Renew();
        var atOnce = GC.CollectionCount(0) - before;
        Allocate(5_000);
        pause.Renew();

        Assert.True(pause.Forbids || (atOnce == 0 && GC.CollectionCount(0) > before)); // other tests may have brought a collection
        pause.End();
    }

    [Fact]
    public void Renew_CollectionFellIntoAStep_ForbidsThemFromThenOn()
    {
        var pause = new CollectionPause(long.MaxValue);
        pause.Renew();

        GC.Collect(0);
        pause.Renew();

        Assert.True(pause.Forbids);
        pause.End();
    }

    [Fact]
    public void Environment_OfAWorker_IsWhatThePauseNeeds()
    {
        var (_, bytes) = Assert.Single(CollectionPause.Environment);

        Assert.False(new CollectionPause(Convert.ToInt64(bytes, 16)).Forbids);
        Assert.True(new CollectionPause(0).Forbids);
    }

    private static void Allocate(int kilobytes)
    {
        for (var i = 0; i < kilobytes; i++)
            GC.KeepAlive(new byte[1000]);
    }
}
