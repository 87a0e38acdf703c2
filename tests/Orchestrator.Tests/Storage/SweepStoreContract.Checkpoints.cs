using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task Checkpoints_Saved_AreReadBackNewestFirst()
    {
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        var buffer = Reports(Sweep, 0, 1, Point("loss", 1, double.NaN), Point("loss", 2, double.PositiveInfinity), Point("x", 2, 0.1 + 0.2));
        var first = Checkpoint(buffer, 3) with { Note = Note(3) with { KeepEvery = 5, KeepCompleted = 0 } };
        buffer.Append([Point("x", 3, 7)]);
        var second = Checkpoint(buffer, 2);
        Save(0, first);
        Save(0, second);
        await Store.FlushAsync();

        var found = await Store.CheckpointsAsync("s1", 0);
        Assert.Equal([second.Note, first.Note], found.Select(c => c.Note with { Superseded = second.Note.Superseded }), NoteComparer);
        Assert.Equal([(1, 4L, 2L), (1, 3L, 3L)], found.Select(c => (c.Base.Attempt, c.Base.Points, c.Base.Step)));
        Assert.Equal(first.Base.Summaries, found[1].Base.Summaries);
        Assert.Equal(2, found[1].Base.Summaries.Count);
        Assert.Empty(await Store.CheckpointsAsync("s1", 1));
    }

    [Fact]
    public async Task Checkpoints_Superseded_CountNoMore()
    {
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        var buffer = new ReportBuffer(new(Sweep, 0), 1);
        Save(0, Checkpoint(buffer, 1));
        Save(0, Checkpoint(buffer, 2));
        Save(0, Checkpoint(buffer, 3) with { Note = Note(3) with { Superseded = [Note(1).Path] } });
        await Store.FlushAsync();
        Assert.Equal([3L, 2L], (await Store.CheckpointsAsync("s1", 0)).Select(c => c.Note.Step));

        Assert.True(await Store.TellAsync(new EndTold
        {
            Run = new(Sweep, 0), Attempt = 1, Lease = 7, Outcome = RunState.Completed, Next = RunState.Completed, Reports = buffer, At = At(20),
            SupersededCheckpoints = [Note(2).Path],
        }));
        Assert.Equal([3L], (await Store.CheckpointsAsync("s1", 0)).Select(c => c.Note.Step));
    }

    [Fact]
    public async Task Checkpoints_OfAnAttemptThatLostItsRun_AreRefused()
    {
        await Store.RunAsync(Sweep, 0, objective: 1);
        Save(0, Checkpoint(new ReportBuffer(new(Sweep, 0), 1), 1));
        await Store.FlushAsync();

        Assert.Empty(await Store.CheckpointsAsync("s1", 0));
    }

    [Fact]
    public async Task Rebase_AttemptGoesOnFromACheckpoint_SeriesAndSummariesAreThoseOfOneAttempt()
    {
        // Attempt 1 reports 0..4 and saves after 2; attempt 2 reports in vain, goes on from there, saves after 3; attempt 3 goes on from that.
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        var first = Reports(Sweep, 0, 1, [.. Points(0, 3)]);
        Store.Append(new ReportsPending(first));
        var saved = Checkpoint(first, 2);
        Save(0, saved);
        first.Append([.. Points(3, 5)]);
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, RunState.Failed, next: RunState.Queued, reports: first)));

        await Store.AppendAsync(Started(Sweep, 0, attempt: 2));
        var second = Reports(Sweep, 0, 2, Point("vain", 9, 9));
        Store.Append(new ReportsPending(second));
        await Store.FlushAsync();
        Assert.Equal(9, Assert.Single((await FindAsync(0)).Metrics).Value);
        Assert.True(second.Rebase(saved.Base));
        Store.Append(new ReportsPending(second));
        await Store.FlushAsync();
        Assert.Equal(Points(0, 3), await Store.SeriesAsync("s1", 0).ToListAsync());
        Assert.Equal(2, (await FindAsync(0)).Metrics["loss"]);
        Assert.Equal(["loss", "square"], (await FindAsync(0)).Metrics.Keys);
        second.Append([.. Points(3, 4)]);
        var again = Checkpoint(second, 3);
        Store.Append(new ReportsPending(second));
        Save(0, again, attempt: 2);
        second.Append([.. Points(4, 9)]);
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, RunState.Failed, next: RunState.Queued, attempt: 2, reports: second)));
        Assert.Equal(Points(0, 9), await Store.SeriesAsync("s1", 0).ToListAsync());

        await Store.AppendAsync(Started(Sweep, 0, attempt: 3));
        var third = new ReportBuffer(new(Sweep, 0), 3);
        Assert.True(third.Rebase((await Store.CheckpointsAsync("s1", 0))[0].Base));
        Assert.False(third.Append([.. Points(4, 5)])); // the writer knows of it already
        Store.Append(new ReportsPending(third));
        third.Append([.. Points(5, 3_000)]);
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, objective: 1, attempt: 3, reports: third)));

        Assert.Equal(Points(0, 3_000), await Store.SeriesAsync("s1", 0).ToListAsync());
        Assert.Equal(Points(0, 3_000).Where(p => p.Metric == "square"), await Store.SeriesAsync("s1", 0, "square").ToListAsync());
        Assert.Equal(2_999, (await FindAsync(0)).Metrics["loss"]);
        Assert.Equal([null, 2L, 3L], (await Store.AttemptsAsync("s1", 0)).Select(a => a.ResumedFrom));
    }

    [Fact]
    public async Task Rebase_SeriesOfSeveralRuns_AreReadByRunAndInOrder()
    {
        foreach (var number in (long[])[0, 1, 2])
        {
            await Store.ReachAsync(Sweep, number, RunState.Running);
            var first = Reports(Sweep, number, 1, [.. Points(0, 1_500)]);
            Store.Append(new ReportsPending(first));
            var saved = Checkpoint(first, 1);
            Assert.True(await Store.TellAsync(Ended(Sweep, number, RunState.Failed, next: RunState.Queued, reports: first)));
            await Store.AppendAsync(Started(Sweep, number, attempt: 2));
            var second = new ReportBuffer(new(Sweep, number), 2);
            second.Rebase(saved.Base);
            second.Append([.. Points(1_500, 1_600)]);
            Assert.True(await Store.TellAsync(Ended(Sweep, number, objective: 1, attempt: 2, reports: second)));
        }

        var all = await Store.SeriesAsync("s1", [2, 0, 7]).ToListAsync();
        Assert.Equal(Points(0, 1_600), all.Where(p => p.Number == 0).Select(p => p.Point));
        Assert.Equal(Points(0, 1_600), all.Where(p => p.Number == 2).Select(p => p.Point));
        Assert.Equal([0L, 2L], all.Select(p => p.Number).Distinct());
    }

    private static readonly IEqualityComparer<CheckpointNote> NoteComparer = EqualityComparer<CheckpointNote>.Create(
        (a, b) => a! with { Superseded = [] } == (b! with { Superseded = [] }) || a.ToString() == b.ToString());

    private static IEnumerable<MetricPoint> Points(int from, int to) =>
        Enumerable.Range(from, to - from).SelectMany(i => (MetricPoint[])[Point("loss", i, i), Point("square", i, (double)i * i)]);

    private static CheckpointNote Note(long step) => new(step, $"checkpoints/attempt-1/step-{step}.zip", 100 + step, "ab" + step, At(step));

    private static StoredCheckpoint Checkpoint(ReportBuffer buffer, long step) => new(Note(step), buffer.Snapshot(step));

    private void Save(long number, StoredCheckpoint checkpoint, int attempt = 1) => Store.Append(
        new CheckpointSaved { Run = new(Sweep, number), Attempt = attempt, Note = checkpoint.Note, Checkpoint = checkpoint });
}
