using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task Notes_AttributesAndTags_AreReadBackWithTheRun()
    {
        var nested = ParameterValue.FromMap([new("list", ParameterValue.FromList(1, 2.0, "three")), new("none", ParameterValue.Null)]);
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        RunNote[] notes =
        [
            new AttributeNote("b", 1, At(11)), new AttributeNote("a", nested, At(11)), new AttributeNote("b", "last", At(12)),
            new TagNote("z", At(11)), new TagNote("a", At(12)), new TagNote("z", At(13)),
        ];
        foreach (var note in notes)
            Store.Append(new RunNoted { Run = new(Sweep, 0), Attempt = 1, Note = note });
        await Store.FlushAsync();

        var run = await FindAsync(0);
        Assert.Equal([new("b", "last"), new("a", nested)], run.Attributes);
        Assert.Equal(["z", "a"], run.Tags);
    }

    [Fact]
    public async Task Notes_OfAnAttemptThatLostItsRun_AreRefused()
    {
        await Store.RunAsync(Sweep, 0, objective: 1);
        await Store.ReachAsync(Sweep, 1, RunState.Running);
        Store.Append(new RunNoted { Run = new(Sweep, 0), Attempt = 1, Note = new TagNote("ended", At(20)) });
        Store.Append(new RunNoted { Run = new(Sweep, 1), Attempt = 2, Note = new TagNote("other", At(20)) });
        await Store.FlushAsync();

        Assert.Empty((await FindAsync(0)).Tags);
        Assert.Empty((await FindAsync(1)).Tags);
    }
}
