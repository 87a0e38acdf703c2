namespace Orchestrator.Tests.Execution.Packing;

public sealed class PackingSimulationTests
{
    private const int Requests = 10_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    [InlineData(5, 4)]
    [InlineData(10, 5)]
    public void Run_TenThousandRequestsOfTheMix_TakesAtMostFivePercentMoreThanTheWork(int sweepsPerKind, long seed)
    {
        var simulation = new PackingSimulation(gpus: 8, Requests, sweepsPerKind, seed);

        simulation.Run();

        Assert.Equal(Requests, simulation.Done);
        Assert.InRange(simulation.Total / simulation.WorkBound, 1, 1.05);
        Assert.InRange(simulation.MostUsed, 0.99, 1 + 1e-9);
        Assert.InRange(simulation.LongestWait, 0, simulation.WaitBound);
    }

    [Fact]
    public void Run_SixSweeps_NoneIsWithoutAStartForLong()
    {
        var simulation = new PackingSimulation(gpus: 8, Requests, sweepsPerKind: 1, seed: 1);

        simulation.Run();

        Assert.InRange(simulation.LongestGap, 0, simulation.WaitBound);
    }
}
