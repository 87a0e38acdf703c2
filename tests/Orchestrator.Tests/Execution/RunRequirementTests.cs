using Orchestrator.Execution;
using Orchestrator.Execution.Workers;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Execution;

public sealed class RunRequirementTests
{
    [Theory]
    [InlineData("marked")]
    [InlineData("service")]
    public void RequirementOf_ATrainable_IsWhatItOrItsServicesSay(string name) =>
        Assert.IsType<Impossible>(new TrainableRegistry().Add<Marked>("marked").Add<TakesService>("service").RequirementOf(name, null));

    [Fact]
    public void RequirementOf_OneThatSaysNothing_IsNone() =>
        Assert.Null(new TrainableRegistry().Add<Plain>("plain").Add("delegate", (_, _) => Task.CompletedTask).RequirementOf("plain", null));

    [Theory]
    [InlineData(RunIsolation.Thread)]
    [InlineData(RunIsolation.Process)]
    public async Task Sweep_RequirementThatCannotBeMet_IsInvalidBeforeAnyRun(RunIsolation isolation)
    {
        await using var bench = new SweepBench(configure: builder => builder.AddTrainable<Marked>("marked"));
        var definition = SweepBench.Definition(3);
        (definition.Trainable, definition.Isolation.Type) = ("marked", isolation);

        var refused = await Assert.ThrowsAsync<InvalidDefinitionException>(() => Sweep.RunAsync(definition, bench.Services));

        Assert.Equal(("SWP032", "/trainable", "It lacks a stone."), refused.Problems.Select(p => (p.Code, p.Path, p.Message)).Single());
    }

    [Fact]
    public void NameOf_ARequirement_FindsItAgain() =>
        Assert.Equal(typeof(Impossible), Type.GetType(WorkerPreparation.NameOf(new Impossible())!));

    public class Plain : ITrainable
    {
        public Task TrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [Requires<Impossible>]
    public sealed class Marked : Plain;

    [Requires<Impossible>]
    public sealed class Service;

    public sealed class TakesService(Service service) : Plain
    {
        public Service Service => service;
    }

    public sealed class Impossible : RunRequirement
    {
        public override string? FindObstacle() => "It lacks a stone.";
    }
}
