using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task CreateSweep_FullRecord_IsFoundAsItWas()
    {
        var sweep = StoreBuilders.Sweep("full", new Metric("accuracy", MetricGoal.Maximize) { Target = 0.99, From = MetricSource.Best }) with
        {
            Description = "text",
            File = "/some/file.yaml",
            Tags = ["b", "a"],
            Attributes = new Dictionary<string, ParameterValue> { ["z"] = 1, ["a"] = ParameterValue.FromList(1.5, "x") },
            StartedAt = At(1),
            EndedAt = At(2),
            EndReason = "because",
            ElapsedSeconds = 1.5,
            PlannedRuns = 27,
        };

        var key = await Store.CreateSweepAsync(sweep);

        var found = await Store.FindSweepAsync("full");
        Assert.Equal(key, found!.Value.Key);
        Assert.NotEqual(Sweep, key);
        Assert.Equivalent(sweep, found.Value.Sweep, strict: true);
        Assert.Equal(["b", "a"], found.Value.Sweep.Tags);
        Assert.Equal(["z", "a"], found.Value.Sweep.Attributes.Keys);
    }

    [Fact]
    public async Task CreateSweep_IdTaken_ThrowsAndTheStoreGoesOn()
    {
        var error = await Assert.ThrowsAsync<StoreException>(() => Store.CreateSweepAsync(StoreBuilders.Sweep()));

        Assert.Contains("'s1'", error.Message, StringComparison.Ordinal);
        await Store.CreateSweepAsync(StoreBuilders.Sweep("s2"));
    }

    [Fact]
    public async Task FindSweep_Unknown_IsNull() => Assert.Null(await Store.FindSweepAsync("nobody"));

    [Fact]
    public async Task SweepChanged_OnlyWhatIsGivenChanges()
    {
        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Running, PlannedRuns = 12, At = At(5) });
        Store.Append(new SweepChanged { Sweep = Sweep, ElapsedSeconds = 2.5, At = At(6) });
        await Store.FlushAsync();

        var (_, sweep) = (await Store.FindSweepAsync("s1"))!.Value;
        Assert.Equal((SweepState.Running, 12L, 2.5, At(5), null), (sweep.State, sweep.PlannedRuns, sweep.ElapsedSeconds, sweep.StartedAt, sweep.EndedAt));
    }

    [Fact]
    public async Task SweepChanged_StoppedAndResumed_KeepsItsFirstStartAndForgetsItsReason()
    {
        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Running, At = At(5) });
        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Stopped, EndReason = "Ctrl-C", At = At(6) });
        await Store.FlushAsync();
        var stopped = (await Store.FindSweepAsync("s1"))!.Value.Sweep;
        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Running, At = At(7) });
        await Store.FlushAsync();
        var resumed = (await Store.FindSweepAsync("s1"))!.Value.Sweep;

        Assert.Equal((At(6), "Ctrl-C"), (stopped.EndedAt, stopped.EndReason));
        Assert.Equal((At(5), At(6), null), (resumed.StartedAt, resumed.EndedAt, resumed.EndReason));
    }

    [Fact]
    public async Task SweepChanged_SameStateAgain_AddsNoEvent()
    {
        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Running, At = At(5) });
        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Running, ElapsedSeconds = 3, At = At(6) });
        Store.Append(new SweepChanged { Sweep = Sweep, State = SweepState.Completed, At = At(7) });

        Assert.Equal(["sweep.queued", "sweep.running", "sweep.completed"], await KindsAsync());
    }

    [Fact]
    public async Task SweepChanged_UnknownSweep_IsRefused()
    {
        var change = new ChangeTold { Sweep = 999, State = SweepState.Running, At = Epoch };
        Store.Append(change);

        Assert.False(await change.Answer.Applied);
    }

    [Fact]
    public async Task ListSweeps_Filters_AreNewestFirst()
    {
        await Store.CreateSweepAsync(StoreBuilders.Sweep("s2") with { Project = "other", State = SweepState.Completed });
        await Store.CreateSweepAsync(StoreBuilders.Sweep("s3") with { Identity = "another", State = SweepState.Interrupted });
        await Store.CreateSweepAsync(StoreBuilders.Sweep("s4") with { State = SweepState.Failed });

        Assert.Equal("s4 s3 s2 s1", await IdsAsync(new()));
        Assert.Equal("s2", await IdsAsync(new() { Project = "other" }));
        Assert.Equal("s3", await IdsAsync(new() { Identity = "another" }));
        Assert.Equal("s4 s3 s1", await IdsAsync(new() { Unfinished = true }));
        Assert.Equal("s4 s3", await IdsAsync(new() { Limit = 2 }));
        Assert.Equal("", await IdsAsync(new() { Limit = 0 }));
    }

    [Fact]
    public async Task ListSweeps_MoreThanOnePage_GivesEachOnce()
    {
        for (var i = 0; i < 210; i++)
            _ = Store.CreateSweepAsync(StoreBuilders.Sweep("many" + i));
        await Store.FlushAsync();

        var all = await Store.ListSweepsAsync(new()).ToListAsync();
        Assert.Equal(211, all.Select(s => s.Id).Distinct().Count());
        Assert.Equal(211, all.Count);
    }

    private async Task<string> IdsAsync(SweepQuery query) =>
        string.Join(' ', (await Store.ListSweepsAsync(query).ToListAsync()).Select(s => s.Id));
}
