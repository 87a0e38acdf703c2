using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

public sealed class TrainableByTypeTests
{
    [Fact]
    public async Task RunAsync_TrainableByTypeAndAssembly_IsLoadedAndBuiltPerRun()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(5, d => d.Trainable = Reference(typeof(OutsideTrainable).FullName!));

        var result = await Sweep.RunAsync(definition, bench.Services);

        Assert.Equal(5, result.Counts.Completed);
        var again = await Sweep.RunAsync(new SweepDefinition(), bench.Services, new SweepOptions { Resume = result.Id });
        Assert.Equal(SweepState.Completed, again.State);
    }

    [Theory]
    [InlineData("Orchestrator.Tests.Sweeps.Nothing", "has no type")]
    [InlineData("Orchestrator.Tests.Sweeps.TrainableByTypeTests", "no trainable")]
    public async Task RunAsync_TypeThatIsNone_SaysSoAndStoresNothing(string type, string says)
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(5, d => d.Trainable = Reference(type));

        var thrown = await Assert.ThrowsAsync<InvalidDefinitionException>(() => Sweep.RunAsync(definition, bench.Services));

        Assert.Contains(says, thrown.Message);
        Assert.Equal("SWP040", Assert.Single(thrown.Problems).Code);
    }

    [Fact]
    public async Task RunAsync_AssemblyThatIsNone_SaysWhereItLooked()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(5, d => d.Trainable = new TrainableReference("Some.Type") { Assembly = "nowhere.dll" });

        Assert.Contains("nowhere.dll", (await Assert.ThrowsAsync<InvalidDefinitionException>(() => Sweep.RunAsync(definition, bench.Services))).Message);
    }

    private static TrainableReference Reference(string type) => new(type) { Assembly = typeof(TrainableByTypeTests).Assembly.Location };
}

/// <summary>Found by its name alone.</summary>
internal sealed class OutsideTrainable(RunContext run) : ITrainable
{
    public Task TrainAsync(CancellationToken cancellationToken) => TestRuns.Report(run, cancellationToken);
}
