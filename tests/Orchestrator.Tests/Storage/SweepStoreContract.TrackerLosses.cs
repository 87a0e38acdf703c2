using Orchestrator.Storage;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task TrackerLosses_DuringAndAfterTheRun_AreReadBackWithIt()
    {
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        await Store.RunAsync(Sweep, 1, objective: 1);
        foreach (var (run, loss) in ((long, TrackerLoss)[])
            [
                (0, new("csv", 1, 5, "first")), (0, new("csv", 1, 7, "again")), (1, new("mlflow", 2, 0, "late")), (1, new("csv", 1, long.MaxValue / 2, "late")),
            ])
            Store.Append(new TrackerLossNoted { Run = new(Sweep, run), Loss = loss });
        await Store.FlushAsync();

        Assert.Equal([new TrackerLoss("csv", 1, 12, "first")], (await FindAsync(0)).TrackerLosses);
        Assert.Equal([new("csv", 1, long.MaxValue / 2, "late"), new("mlflow", 2, 0, "late")], (await FindAsync(1)).TrackerLosses);
    }

    [Fact]
    public async Task TrackerLosses_OfNoRun_AreRefused()
    {
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        Store.Append(new TrackerLossNoted { Run = new(Sweep, 1), Loss = new("csv", 1, 5, "early") });
        Store.Append(new TrackerLossNoted { Run = new(Sweep + 1, 0), Loss = new("csv", 1, 5, "gone") });
        await Store.FlushAsync();
        await Store.ReachAsync(Sweep, 1, RunState.Running);

        Assert.Empty((await FindAsync(1)).TrackerLosses);
    }
}
