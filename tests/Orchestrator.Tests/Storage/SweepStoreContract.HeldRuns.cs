using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

/// <summary>Runs held by hand: numbers and ids are given by the store.</summary>
public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task OpenExperiment_Twice_IsTheSameUntilIdentityOrProjectDiffers()
    {
        var first = await OpenAsync(Experiment("e1") with { Tags = ["a"] });
        var again = await OpenAsync(Experiment("e2") with { Tags = ["a", "b"] });
        Assert.Equal(first, again);
        Assert.NotEqual(first, await OpenAsync(Experiment("e3") with { Identity = "other" }));
        Assert.NotEqual(first, await OpenAsync(Experiment("e4") with { Project = "other" }));

        var (_, stored) = (await Store.FindSweepAsync("e1"))!.Value;
        Assert.Equal((ExperimentKind.Experiment, SweepState.Completed), (stored.Kind, stored.State));
        Assert.Equal(["a", "b"], stored.Tags);
        Assert.Equal(3, (await Store.ListSweepsAsync(new() { Kind = ExperimentKind.Experiment }).ToListAsync()).Count);
        Assert.DoesNotContain(await Store.ListSweepsAsync(new() { Unfinished = true }).ToListAsync(), s => s.Kind == ExperimentKind.Experiment);
    }

    [Fact]
    public async Task StartHeldRun_ManyInOneMoment_HaveNumbersAndIdsOfTheirOwn()
    {
        var (key, _) = await OpenAsync(Experiment("e1"));
        var begun = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => BeginAsync(key)));

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), begun.Select(b => b.Run.Number).Order());
        Assert.Equal(1000, begun.Select(b => b.Id).Distinct().Count());
        Assert.All(begun, b => Assert.Matches("^20260301-120000-[0-9]{6}$", b.Id));
        var run = (await Store.FindRunAsync(begun[7].Id))!;
        Assert.Equal((begun[7].Run.Number, RunState.Running, $"sweeps/e1/{begun[7].Id}"), (run.Number, run.State, run.Directory));
        Assert.Equal(1000, (await Store.FindSweepAsync("e1"))!.Value.Sweep.Counts.Running);
    }

    [Fact]
    public async Task StartHeldRun_IdThatIsTaken_IsRefusedAndChangesNothing()
    {
        var (key, _) = await OpenAsync(Experiment("e1"));
        await BeginAsync(key, "mine");
        var (other, _) = await OpenAsync(Experiment("e2") with { Identity = "other" });

        Assert.Equal(HeldRunRefusal.IdTaken, (await BeginAsync(key, "mine")).Refusal);
        Assert.Equal(HeldRunRefusal.IdTaken, (await BeginAsync(other, "mine")).Refusal);
        Assert.Equal(HeldRunRefusal.OtherExperiment, (await BeginAsync(other, "mine", resume: true)).Refusal);
        Assert.Equal(HeldRunRefusal.Running, (await BeginAsync(key, "mine", resume: true)).Refusal);
        Assert.Equal(HeldRunRefusal.Running, (await BeginAsync(key, resume: true)).Refusal);

        Assert.Equal(1, (await Store.FindSweepAsync("e1"))!.Value.Sweep.Counts.Total);
        Assert.Equal(0, (await Store.FindSweepAsync("e2"))!.Value.Sweep.Counts.Total);
        Assert.Equal(1, (await Store.FindRunAsync("mine"))!.Attempts);
    }

    [Fact]
    public async Task StartHeldRun_Resumed_GoesOnWithWhatItReported()
    {
        var (key, _) = await OpenAsync(Experiment("e1"));
        var first = await BeginAsync(key, "mine");
        var reports = new ReportBuffer(first.Run, 1);
        reports.Append([new("loss", 0, 3, At(11)), new("loss", 1, 1, At(12))]);
        await Store.TellAsync(Ended(key, 0, objective: 1, reports: reports));
        Assert.Equal(0, (await Store.FindSweepAsync("e1"))!.Value.Sweep.Best!.Number);

        var second = await BeginAsync(key, resume: true);
        Assert.Equal((true, 2, "mine", 7L), (second.Resumed, second.Attempt, second.Id, second.Seed));
        Assert.Equal(["x=1", "y=1"], second.Parameters.Select(p => $"{p.Key}={p.Value}"));
        Assert.Null((await Store.FindSweepAsync("e1"))!.Value.Sweep.Best);
        var more = new ReportBuffer(second.Run, 2, second.Summaries);
        more.Append([new("loss", 2, 5, At(21))]);
        await Store.TellAsync(Ended(key, 0, objective: 5, attempt: 2, reports: more));

        Assert.Equal([3.0, 1, 5], (await Store.SeriesAsync("e1", 0).ToListAsync()).Select(p => p.Value));
        Assert.Equal([3.0, 1, 5], (await Store.SeriesAsync("e1", [0]).ToListAsync()).Select(p => p.Point.Value));
        var (name, loss) = Assert.Single((await Store.DetailsAsync("e1", 0))!.Metrics);
        Assert.Equal(("loss", 3L, 5.0, 1.0, 5.0, 9.0), (name, loss.Count, loss.Last, loss.Min, loss.Max, loss.Sum));
        var counts = (await Store.FindSweepAsync("e1"))!.Value.Sweep.Counts;
        Assert.Equal((1L, 1L), (counts.Completed, counts.Total));
    }

    [Fact]
    public async Task StartHeldRun_ResumeWithNothingThere_IsANewRun()
    {
        var (key, _) = await OpenAsync(Experiment("e1"));
        Assert.Equal((HeldRunRefusal.None, false, "mine"), (await BeginAsync(key, "mine", resume: true)) is var b ? (b.Refusal, b.Resumed, b.Id) : default);
    }

    [Fact]
    public async Task RunningHeld_LostOne_IsEndedOnceAndOnlyWhileItIsTheLastAttempt()
    {
        var (key, _) = await OpenAsync(Experiment("e1"));
        await BeginAsync(key, "a");
        await Store.RunAsync(Sweep, 0); // a sweep's runs are none of it
        await Store.ReachAsync(Sweep, 1, RunState.Running);
        Assert.Equal(["a/1/session"], (await Store.RunningHeldAsync()).Select(h => $"{h.Id}/{h.Attempt}/{h.Session}"));

        Assert.False(await Store.TellAsync(Lost(key, attempt: 2)));
        Assert.True(await Store.TellAsync(Lost(key, attempt: 1)));
        Assert.Empty(await Store.RunningHeldAsync());
        var run = (await Store.FindRunAsync("a"))!;
        Assert.Equal((RunState.Failed, FailureKind.WorkerLost), (run.State, run.Failure!.Kind));

        static MoveTold Lost(long key, int attempt) => new()
        {
            Run = new(key, 0), To = RunState.Failed, OfAttempt = attempt, At = At(30),
            LostAttempt = new() { Kind = FailureKind.WorkerLost, Message = "gone", Fingerprint = "0" },
        };
    }

    [Fact]
    public async Task Notes_ParametersArtifactsTasksAndEnvironment_AreKept()
    {
        var (key, _) = await OpenAsync(Experiment("e1"));
        var begun = await BeginAsync(key, "a");
        var failure = new RunFailure { Kind = FailureKind.Exception, Message = "no", Fingerprint = "0" };
        RunNote[] notes =
        [
            new ParameterNote("z", ParameterValue.FromList(1, 2.0), At(11)), new ParameterNote("x", 5, At(12)), new ParameterNote("z", "last", At(13)),
            new ArtifactNote("b.txt", "artifacts/b.txt", 3, "hash", At(12)), new ArtifactNote("a.txt", "artifacts/b.txt", 3, "hash", At(13)),
            new TaskNote(0, "t", At(11), null, null, At(11)), new TaskNote(1, "t.u", At(11), At(12), failure, At(12)), new TaskNote(0, "t", At(11), At(13), null, At(13)),
        ];
        foreach (var note in notes)
            Store.Append(new RunNoted { Run = begun.Run, Attempt = 1, Note = note });
        await Store.FlushAsync();

        Assert.Equal(["x=5", "y=1", "z=last"], (await Store.FindRunAsync("a"))!.Parameters.Select(p => $"{p.Key}={p.Value}"));
        var details = (await Store.DetailsAsync("e1", 0))!;
        Assert.Equal(["a.txt", "b.txt"], details.Artifacts.Select(a => a.Name));
        Assert.Equal([("t", At(13), null), ("t.u", At(12), "no")], details.Tasks.Select(t => (t.Name, t.EndedAt!.Value, t.Failure?.Message)));
        Assert.Equal("{\"host\":\"h\"}", details.Environment);
    }

    private static SweepRecord Experiment(string id) =>
        Sweep(id) with { Kind = ExperimentKind.Experiment, Method = "manual" };

    private async Task<(long Key, string Id)> OpenAsync(SweepRecord experiment)
    {
        var command = new ExperimentOpened(experiment);
        Store.Append(command);
        return await command.Opened;
    }

    private async Task<HeldRunBeginning> BeginAsync(long experiment, string? id = null, bool resume = false)
    {
        var command = new HeldRunStarted
        {
            Experiment = experiment,
            ExperimentId = "e1",
            Id = id,
            Resume = resume,
            Seed = 7,
            Parameters = new([new("x", 1), new("y", 1.0)]),
            Lease = 7,
            Worker = "by hand",
            Session = "session",
            Environment = new string("{\"host\":\"h\"}"),
            At = At(0),
        };
        Store.Append(command);
        return await command.Begun;
    }
}
