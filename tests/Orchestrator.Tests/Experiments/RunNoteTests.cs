using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Experiments;

public sealed class RunNoteTests
{
    [Fact]
    public async Task Notes_OfASweepsRun_AreKeptWithIt()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(SweepBench.Definition(2), async (run, token) =>
        {
            run.AddTag("Some Tag");
            run.SetAttribute("number", run.Info.Number);
            await TestRuns.Report(run, token);
        });

        var runs = await result.ReadRunsAsync().ToListAsync();
        Assert.All(runs, r => Assert.Equal((ParameterValue)r.Number, r.Attributes["number"]));
        Assert.All(runs, r => Assert.Equal(["some_tag"], r.Tags));
    }
}
