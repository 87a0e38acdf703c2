using Orchestrator.Configuration;
using Orchestrator.Execution;

namespace Orchestrator.Tests.Execution;

public sealed class IsolationDefaultTests
{
    private readonly TrainableRegistry _registry = new TrainableRegistry()
        .Add<Plain>("plain").Add<Marked>("marked").Add<TakesService>("service").Add<SaysOtherwise>("otherwise").Add<Heir>("heir");

    [Theory]
    [InlineData("plain", RunIsolation.Thread)]
    [InlineData("marked", RunIsolation.Process)]
    [InlineData("service", RunIsolation.Process)]
    [InlineData("otherwise", RunIsolation.Thread)]
    [InlineData("heir", RunIsolation.Process)]
    public void IsolationOf_ATrainable_IsWhatItOrItsServicesSay(string name, RunIsolation isolation)
    {
        Assert.Equal(isolation, _registry.IsolationOf(name, null));
        Assert.Equal(isolation, _registry.Infos.Single(i => i.Name == name).Isolation);
    }

    [Fact]
    public void IsolationOf_ATypeInAnAssembly_IsItsOwn() =>
        Assert.Equal(RunIsolation.Process, _registry.IsolationOf(
            new TrainableReference(typeof(Marked).FullName!) { Assembly = typeof(Marked).Assembly.Location }, null));

    [Fact]
    public void Write_IsolationThatWasSaid_IsReadBackAsSaid()
    {
        foreach (var said in new RunIsolation?[] { null, RunIsolation.Thread, RunIsolation.Process })
        {
            var definition = new SweepDefinition { Trainable = "x", Method = "grid", Metric = Metric.Minimize("loss"), Parameters = { ["a"] = 1 }, Isolation = { Type = said } };

            var read = SweepFileReader.ReadText(SweepFileWriter.ToJson(definition), "test", new AnyCatalog()).Definition!;

            Assert.Equal(said, read.Isolation.Type);
        }
    }

    public class Plain : ITrainable
    {
        public Task TrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [Isolation(RunIsolation.Process)]
    public class Marked : Plain;

    public sealed class Heir : Marked;

    [Isolation(RunIsolation.Process)]
    public sealed class Service;

    public sealed class TakesService(Service service) : Plain
    {
        public Service Service => service;
    }

    [Isolation(RunIsolation.Thread)]
    public sealed class SaysOtherwise(Service service) : Plain
    {
        public Service Service => service;
    }

    private sealed class AnyCatalog : ISweepCatalog
    {
        public IReadOnlyCollection<TrainableInfo> Trainables => [new TrainableInfo("x")];

        public IReadOnlyCollection<TrackerInfo> Trackers => [];
    }
}
