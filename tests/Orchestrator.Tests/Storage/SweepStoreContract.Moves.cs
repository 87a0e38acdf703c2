using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Storage;

public abstract partial class SweepStoreContract
{
    public static TheoryData<RunState, RunState> AllMoves =>
        [.. Enum.GetValues<RunState>().SelectMany(from => Enum.GetValues<RunState>().Select(to => (from, to)))];

    public static TheoryData<RunState> AllStates => [.. Enum.GetValues<RunState>()];

    [Fact]
    public async Task Run_FromQueuedToCompleted_IsRecordedInFull()
    {
        await Store.AppendAsync(Queued(Sweep, 3, proposal: 1, replicate: 2));
        var queued = await FindAsync(3);
        await Store.AppendAsync(Started(Sweep, 3));
        var running = await FindAsync(3);
        Assert.True(await Store.TellAsync(Ended(Sweep, 3, objective: 0.5)));
        var completed = await FindAsync(3);

        Assert.Equal((RunState.Queued, 0, null, null), (queued.State, queued.Attempts, queued.StartedAt, queued.Worker));
        Assert.Equal((1L, 2, 103L, "run-3", At(3)), (queued.Proposal, queued.Replicate, queued.Seed, queued.Name, queued.CreatedAt));
        Assert.Equal(Parameters(1), queued.Parameters);
        Assert.Equal(ParameterKind.Float, queued.Parameters["y"].Kind);
        Assert.Equal((RunState.Running, 1, At(10), "worker-1", "cuda:0"), (running.State, running.Attempts, running.StartedAt, running.Worker, running.Device));
        Assert.Equal((RunState.Completed, 0.5, At(20), 10.0), (completed.State, completed.Objective, completed.EndedAt, completed.DurationSeconds));
        Assert.Equal(("s1/000003", "sweeps/s1/000003", "s1"), (completed.Id, completed.Directory, completed.Sweep));
        Assert.Null(completed.Failure);
    }

    [Fact]
    public async Task RunQueued_ToldTwice_IsTheSameAsOnce()
    {
        Store.Append(Queued(Sweep, 0));
        Store.Append(Queued(Sweep, 0));
        await Store.FlushAsync();

        Assert.Equal(1, (await CountsAsync()).Total);
        Assert.Equal(["sweep.queued", "run.queued 0"], await KindsAsync());
    }

    [Fact]
    public async Task RunQueued_UnknownSweep_StoresNothing()
    {
        Store.Append(Queued(999, 0));
        Store.Append(Started(999, 0));

        Assert.False(await Store.TellAsync(Ended(999, 0)));
    }

    [Fact]
    public async Task FindRun_Unknown_IsNull()
    {
        Assert.Null(await Store.FindRunAsync("s1", 0));
        Assert.Null(await Store.FindRunAsync("nobody", 0));
        Assert.Null(await Store.FindRunAsync("s1", -1));
        Assert.Null(await Store.FindRunAsync("s1", 1L << 40));
    }

    [Theory, MemberData(nameof(AllStates))]
    public async Task AttemptStarted_OnlyAQueuedRun_TakesIt(RunState state)
    {
        await Store.ReachAsync(Sweep, 0, state);
        Store.Append(Started(Sweep, 0, attempt: 2, lease: 8));

        Assert.Equal(state == RunState.Queued, await Store.TellAsync(Ended(Sweep, 0, attempt: 2, lease: 8)));
    }

    [Theory, MemberData(nameof(AllMoves))]
    public async Task RunMoved_WithoutAnAttempt_FollowsTheStateMachine(RunState from, RunState to)
    {
        await Store.ReachAsync(Sweep, 0, from);

        var applied = await Store.TellAsync(Moved(Sweep, 0, to));

        // What runs belongs to its attempt, and only an attempt makes a run run.
        Assert.Equal(RunStateMachine.CanMove(from, to) && from != RunState.Running && to != RunState.Running, applied);
        Assert.Equal(applied ? to : from, (await FindAsync(0)).State);
        Assert.Equal(1, (await CountsAsync())[applied ? to : from]);
        Assert.Equal(1, (await CountsAsync()).Total);
    }

    [Theory, MemberData(nameof(AllStates))]
    public async Task AttemptEnded_NextState_FollowsTheStateMachine(RunState next)
    {
        await Store.ReachAsync(Sweep, 0, RunState.Running);

        var applied = await Store.TellAsync(Ended(Sweep, 0, RunState.Failed, next: next));

        Assert.Equal(RunStateMachine.CanMove(RunState.Running, next), applied);
        Assert.Equal(next, (await FindAsync(0)).State);
        Assert.Equal(1, (await CountsAsync())[next]);
        Assert.Equal(RunStateMachine.IsFinal(next), (await FindAsync(0)).EndedAt is not null);
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(7, 2)]
    public async Task AttemptEnded_StaleLeaseOrAttempt_ChangesNothing(long lease, int attempt)
    {
        await Store.ReachAsync(Sweep, 0, RunState.Running);
        var before = await FindAsync(0);

        var reports = Reports(Sweep, 0, 1, Point("loss", 1, 1));
        Assert.False(await Store.TellAsync(Ended(Sweep, 0, objective: 1, lease: lease, attempt: attempt, reports: reports)));

        Assert.Equivalent(before, await FindAsync(0), strict: true);
        Assert.Equal(new RunCounts(Running: 1), await CountsAsync());
        Assert.Equal(3, (await KindsAsync()).Count);
        Assert.Empty(await Store.SeriesAsync("s1", 0).ToListAsync());
        Assert.Equal(0, reports.Waiting);
    }

    [Fact]
    public async Task AttemptEnded_ToldTwice_IsTheSameAsOnce()
    {
        Assert.True(await Store.RunAsync(Sweep, 0, objective: 1));

        Assert.False(await Store.TellAsync(Ended(Sweep, 0, objective: 2, at: 50)));
        Assert.Equal((1.0, At(20)), ((await FindAsync(0)).Objective, (await FindAsync(0)).EndedAt));
        Assert.Equal(new RunCounts(Completed: 1), await CountsAsync());
    }

    [Fact]
    public async Task Retry_NewAttempt_KeepsBothAndShowsTheLast()
    {
        Store.Append(Queued(Sweep, 0));
        Store.Append(Started(Sweep, 0));
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, RunState.Failed, next: RunState.Queued, failure: Failure)));
        var waiting = await FindAsync(0);
        Store.Append(Started(Sweep, 0, attempt: 2, lease: 8, at: 25));
        Assert.True(await Store.TellAsync(Ended(Sweep, 0, objective: 3, attempt: 2, lease: 8, at: 40)));

        Assert.Equal((RunState.Queued, 1), (waiting.State, waiting.Attempts));
        Assert.Equivalent(Failure, waiting.Failure, strict: true);
        var run = await FindAsync(0);
        Assert.Equal((RunState.Completed, 2, "worker-2", null, At(25), 15.0), (run.State, run.Attempts, run.Worker, run.Device, run.StartedAt, run.DurationSeconds));
        Assert.Null(run.Failure);
        var attempts = await Store.AttemptsAsync("s1", 0);
        Assert.Equal([(1, RunState.Failed, "worker-1", At(20)), (2, RunState.Completed, "worker-2", At(40))],
            attempts.Select(a => (a.Number, a.State, a.Worker, a.EndedAt!.Value)));
        Assert.Equivalent(Failure, attempts[0].Failure, strict: true);
        Assert.Equal(["sweep.queued", "run.queued 0", "run.running 0", "run.retried 0", "run.running 0", "run.completed 0"], await KindsAsync());
    }

    [Theory]
    [InlineData(RunState.Queued, "run.retried 0")]
    [InlineData(RunState.Failed, "run.failed 0")]
    public async Task RunMoved_LostAttempt_EndsIt(RunState to, string kind)
    {
        await Store.ReachAsync(Sweep, 0, RunState.Running);

        Assert.True(await Store.TellAsync(Moved(Sweep, 0, to, Failure)));

        var attempt = Assert.Single(await Store.AttemptsAsync("s1", 0));
        Assert.Equal((RunState.Failed, At(30)), (attempt.State, attempt.EndedAt));
        Assert.Equivalent(Failure, attempt.Failure, strict: true);
        Assert.Equal(kind, (await KindsAsync())[^1]);
        Assert.False(await Store.TellAsync(Ended(Sweep, 0)), "the lost attempt is fenced");
        Assert.Equal(to, (await FindAsync(0)).State);
    }

    [Fact]
    public async Task RunMoved_LostAttemptOfARunThatHasNone_IsRefused()
    {
        await Store.ReachAsync(Sweep, 0, RunState.Canceled);

        Assert.False(await Store.TellAsync(Moved(Sweep, 0, RunState.Queued, Failure)));
        Assert.Equal(RunState.Canceled, (await FindAsync(0)).State);
    }

    [Fact]
    public async Task RunMoved_UnknownRun_IsRefused() => Assert.False(await Store.TellAsync(Moved(Sweep, 5, RunState.Canceled)));

    [Fact]
    public async Task RunMoved_FailedToQueued_ForgetsEndAndObjective()
    {
        await Store.RunAsync(Sweep, 0, RunState.Failed, objective: 4);

        Assert.True(await Store.TellAsync(Moved(Sweep, 0, RunState.Queued)));

        var run = await FindAsync(0);
        Assert.Equal((RunState.Queued, null, null), (run.State, run.Objective, run.EndedAt));
        Assert.Equal("run.queued 0", (await KindsAsync())[^1]);
    }

    [Fact]
    public async Task RunMoved_FailedToQueued_ForgivesTheAttemptsBefore()
    {
        await Store.RunAsync(Sweep, 0, RunState.Failed);
        await Store.RunAsync(Sweep, 1, RunState.Canceled);

        foreach (var run in (long[])[0, 1])
            Assert.True(await Store.TellAsync(Moved(Sweep, run, RunState.Queued)));

        Assert.Equal([1, 0], (await Store.ProgressAsync(Sweep)).Open.Select(r => r.Forgiven));
    }
}
