using Orchestrator.Storage;

namespace Orchestrator.Tests.Storage;

/// <summary>Remembers what the store answered.</summary>
internal sealed class Answer
{
    private readonly TaskCompletionSource<bool> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<bool> Applied => _told.Task;

    public void Committed(bool applied) => _told.TrySetResult(applied);

    public void Failed(Exception cause) => _told.TrySetException(cause);
}

internal sealed class MoveTold : RunMoved
{
    public Answer Answer { get; } = new();

    public override void Committed(bool applied) => Answer.Committed(applied);

    public override void Failed(Exception cause) => Answer.Failed(cause);
}

internal sealed class EndTold : AttemptEnded
{
    public Answer Answer { get; } = new();

    public override void Committed(bool applied) => Answer.Committed(applied);

    public override void Failed(Exception cause) => Answer.Failed(cause);
}

internal sealed class ChangeTold(Action? committed = null) : SweepChanged
{
    public Answer Answer { get; } = new();

    public override void Committed(bool applied)
    {
        committed?.Invoke();
        Answer.Committed(applied);
    }

    public override void Failed(Exception cause) => Answer.Failed(cause);
}

/// <summary>Makes what tests store, at times of its own.</summary>
internal static class StoreBuilders
{
    public static readonly DateTimeOffset Epoch = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    public static readonly RunFailure Failure = new()
    {
        Kind = FailureKind.OutOfMemory,
        Type = "System.InvalidOperationException",
        Message = "It said \"no\"\0 – twice",
        StackTrace = "at A\nat B",
        Inner = [new("System.Exception", "inner", null)],
        ExitCode = 3,
        Signal = 9,
        Fingerprint = "0123456789ab",
        LogTail = "the end",
    };

    public static DateTimeOffset At(double seconds) => Epoch.AddSeconds(seconds);

    public static SweepRecord Sweep(string id = "s1", Metric? metric = null) => new()
    {
        Id = id,
        Name = "name of " + id,
        Project = "project",
        State = SweepState.Queued,
        Method = "grid",
        Metric = metric ?? Metric.Minimize("loss"),
        Identity = "identity",
        Definition = "{}",
        CreatedAt = Epoch,
    };

    public static RunQueued Queued(long sweep, long number, long? proposal = null, int replicate = 0) => new()
    {
        Run = new(sweep, number),
        Name = "run-" + number,
        Proposal = proposal ?? number,
        Replicate = replicate,
        Seed = 100 + number,
        Parameters = Parameters(proposal ?? number),
        At = At(number),
    };

    public static ParameterSet Parameters(long proposal) => new([new("x", proposal), new("y", 1.0), new("kind", "Ä \"quoted\"")]);

    public static AttemptStarted Started(long sweep, long number, int attempt = 1, long lease = 7, double at = 10) => new()
    {
        Run = new(sweep, number),
        Attempt = attempt,
        Lease = lease,
        Worker = "worker-" + attempt,
        Device = attempt == 1 ? "cuda:0" : null,
        At = At(at),
    };

    public static EndTold Ended(
        long sweep, long number, RunState outcome = RunState.Completed, double? objective = null, RunState? next = null,
        int attempt = 1, long lease = 7, RunFailure? failure = null, ReportBuffer? reports = null, double at = 20) => new()
    {
        Run = new(sweep, number),
        Attempt = attempt,
        Lease = lease,
        Outcome = outcome,
        Next = next ?? outcome,
        Objective = objective,
        Failure = failure,
        Reports = reports ?? new(new(sweep, number), attempt),
        At = At(at),
    };

    public static MoveTold Moved(long sweep, long number, RunState to, RunFailure? lost = null, double at = 30) => new()
    {
        Run = new(sweep, number),
        To = to,
        LostAttempt = lost,
        At = At(at),
    };

    /// <summary>Queues, starts and ends a run.</summary>
    public static async Task<bool> RunAsync(
        this ISweepStore store, long sweep, long number, RunState outcome = RunState.Completed, double? objective = null,
        long? proposal = null, ReportBuffer? reports = null, double started = 10, double ended = 20)
    {
        await store.AppendAsync(Queued(sweep, number, proposal));
        await store.AppendAsync(Started(sweep, number, at: started));
        return await store.TellAsync(Ended(sweep, number, outcome, objective, reports: reports, at: ended));
    }

    public static async Task<bool> TellAsync(this ISweepStore store, EndTold command)
    {
        await store.AppendAsync(command);
        return await command.Answer.Applied;
    }

    public static async Task<bool> TellAsync(this ISweepStore store, MoveTold command)
    {
        await store.AppendAsync(command);
        return await command.Answer.Applied;
    }

    /// <summary>Brings a new run into a state.</summary>
    public static async Task ReachAsync(this ISweepStore store, long sweep, long number, RunState state)
    {
        await store.AppendAsync(Queued(sweep, number));
        if (state == RunState.Queued)
            return;
        await store.AppendAsync(Started(sweep, number));
        if (state != RunState.Running)
            await store.AppendAsync(Ended(sweep, number, state));
    }

    public static async Task<List<T>> ToListAsync<T>(this IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
            list.Add(item);
        return list;
    }
}
