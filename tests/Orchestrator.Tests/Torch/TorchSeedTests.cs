using Orchestrator.Tests.Support;
using Orchestrator.Torch;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

/// <summary>What a run draws is a function of its seed, and within an epoch of seed and epoch.</summary>
[Collection(TorchCollection.Name)]
public sealed class TorchSeedTests
{
    [Theory]
    [InlineData("the run's own")]
    [InlineData("the process's")]
    public async Task Draws_OfARun_FollowItsSeedWhateverCameBefore(string generator)
    {
        var first = await DrawsAsync(generator, seed: 5, _ => { });
        _ = rand(3); // somebody else's
        var again = await DrawsAsync(generator, seed: 5, _ => { });
        var other = await DrawsAsync(generator, seed: 6, _ => { });

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Theory]
    [InlineData("the run's own")]
    [InlineData("the process's")]
    public async Task BeginEpoch_DrawsAfterIt_FollowSeedAndEpoch(string generator)
    {
        var first = await DrawsAsync(generator, seed: 5, torch => torch.BeginEpoch(2));
        var again = await DrawsAsync(generator, seed: 5, torch =>
        {
            torch.BeginEpoch(1);
            Draw(torch, "the run's own");
            Draw(torch, "the process's");
            torch.BeginEpoch(2);
        });
        var later = await DrawsAsync(generator, seed: 5, torch => torch.BeginEpoch(3));
        var other = await DrawsAsync(generator, seed: 6, torch => torch.BeginEpoch(2));

        Assert.Equal(first, again);
        Assert.NotEqual(first, later);
        Assert.NotEqual(first, other);
    }

    private static async Task<float[]> DrawsAsync(string generator, long seed, Action<TorchRun> before)
    {
        await using var bench = TorchBench.New();
        float[] drawn = [];
        var result = await bench.RunAsync(SweepBench.Definition(1, d => d.Seeds.Add(seed)), async (run, token) =>
        {
            Assert.Equal(seed, run.Seed);
            await using var torch = new TorchRun(run);
            drawn = await torch.RunAsync(() =>
            {
                before(torch);
                return Draw(torch, generator);
            });
            await TestRuns.Report(run, token);
        }, workers: 1);
        Assert.Equal(1, result.Counts.Completed);
        return drawn;
    }

    private static float[] Draw(TorchRun torch, string generator)
    {
        using var drawn = generator == "the run's own" ? rand([4], generator: torch.Generator) : rand(4);
        return drawn.data<float>().ToArray();
    }
}
