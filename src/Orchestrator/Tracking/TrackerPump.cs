using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Orchestrator.Tracking;

/// <summary>
/// One tracker of one attempt, its bounded queue, and the loop that feeds it. The loop is asynchronous: an idle tracker has no
/// thread. Nothing that the tracker does reaches the run.
/// </summary>
/// <remarks>
/// The end: <see cref="End"/> completes the queue; the loop hands over what waits, the end, disposes the tracker, says what was
/// lost, and completes <see cref="Finished"/>. <see cref="Abandon"/> says it in its place where the tracker never comes back.
/// </remarks>
[SuppressMessage("Design", "CA1001",
    Justification = "A source without timer or links holds nothing; disposing it would race with Abandon.")]
internal sealed class TrackerPump(
    ITrackerFactory factory,
    TrackerReference reference,
    RunInfo run,
    TrackingLosses losses,
    int bound,
    TaskScheduler scheduler,
    IServiceProvider? services = null,
    Action<TrackingLoss>? lost = null)
{
    /// <summary>Unbounded, because the bound counts points, not batches: see <see cref="Report"/>.</summary>
    private readonly Channel<Event> _events = Channel.CreateUnbounded<Event>(new() { SingleReader = true });
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandon = new();
    private long _waiting;
    private long _dropped;
    private long _confessed;
    private string? _reason;
    private string? _confession;
    private int _said;

    public string Tracker => reference.Type;

    public RunInfo Run => run;

    /// <summary>How long it is waited for when nothing else is left to do.</summary>
    public TimeSpan Grace => factory.Info.Grace;

    /// <summary>Who keeps this attempt's losses.</summary>
    public Action<TrackingLoss>? Lost => lost;

    /// <summary>Completes when the tracker is done with, well or not. Never fails.</summary>
    public Task Finished => _finished.Task;

    /// <summary>
    /// Starts the loop outside of the caller's flow: what a tracker logs does not belong to the run. On the tracker's own scheduler: one
    /// that blocks must not get a thread of the pool for every run.
    /// </summary>
    public void Begin()
    {
        using (ExecutionContext.SuppressFlow())
            _ = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
    }

    public void Report(ReadOnlyMemory<MetricPoint> points)
    {
        // A batch larger than the bound is taken by an idle tracker all the same.
        var waiting = Interlocked.Add(ref _waiting, points.Length);
        if ((waiting <= bound || waiting == points.Length) && _events.Writer.TryWrite(new Event(points)))
            return;
        Interlocked.Add(ref _dropped, points.Length);
        Interlocked.Add(ref _waiting, -points.Length);
    }

    /// <summary>A note counts as one value.</summary>
    public void Note(RunNote note)
    {
        if (Interlocked.Increment(ref _waiting) <= bound && _events.Writer.TryWrite(new Event(default, note)))
            return;
        Interlocked.Increment(ref _dropped);
        Interlocked.Decrement(ref _waiting);
    }

    public void End(RunEnd end)
    {
        _events.Writer.TryWrite(new Event(default, End: end));
        _events.Writer.TryComplete();
    }

    /// <summary>Gives the tracker up: it is waited for no longer, and given nothing more should it ever come back.</summary>
    public void Abandon()
    {
        Interlocked.CompareExchange(ref _reason, "did not finish in time and was given up", null);
        if (!SayLoss())
            return;
        // Its own callbacks may throw or hang: neither may reach whoever drains.
        ThreadPool.UnsafeQueueUserWorkItem(static abandon => _ = abandon.CancelAsync(), _abandon, preferLocal: false);
        _finished.TrySetResult();
    }

    private async Task RunAsync()
    {
        await FeedAsync().ConfigureAwait(true);
        // What still comes after a failure is let go, until the run ends; it stays counted as waiting, and so as lost.
        while (await _events.Reader.WaitToReadAsync().ConfigureAwait(true))
        {
            while (_events.Reader.TryRead(out _))
            {
            }
        }

        SayLoss();
        _finished.TrySetResult();
    }

    private async Task FeedAsync()
    {
        ITracker? tracker = null;
        var context = new TrackerContext(run, factory.Info, reference, services, Confess);
        var member = nameof(ITrackerFactory.Create);
        try
        {
            tracker = factory.Create(context);
            member = nameof(ITracker.StartAsync);
            await tracker.StartAsync(run, _abandon.Token).ConfigureAwait(true);
            while (await _events.Reader.WaitToReadAsync().ConfigureAwait(true))
            {
                while (_events.Reader.TryRead(out var next))
                {
                    if (Volatile.Read(ref _said) != 0)
                        return; // given up meanwhile
                    if (next.End is { } end)
                    {
                        member = nameof(ITracker.EndAsync);
                        await tracker.EndAsync(end, _abandon.Token).ConfigureAwait(true);
                        continue;
                    }

                    if (next.Note is { } note)
                    {
                        member = nameof(ITracker.NoteAsync);
                        await tracker.NoteAsync(note, _abandon.Token).ConfigureAwait(true);
                        Interlocked.Decrement(ref _waiting);
                        continue;
                    }

                    member = nameof(ITracker.ReportAsync);
                    await tracker.ReportAsync(next.Points, _abandon.Token).ConfigureAwait(true);
                    Interlocked.Add(ref _waiting, -next.Points.Length);
                }

                if (_events.Reader.Completion.IsCompleted)
                    break; // nothing follows the end, not even a flush

                member = nameof(ITracker.FlushAsync);
                await tracker.FlushAsync(_abandon.Token).ConfigureAwait(true);
            }
        }
        catch (Exception cause)
        {
            Failed(member, cause);
        }
        finally
        {
            await DisposeAsync(tracker, context).ConfigureAwait(true);
        }
    }

    private async Task DisposeAsync(ITracker? tracker, TrackerContext context)
    {
        try
        {
            if (tracker is not null)
                await tracker.DisposeAsync().ConfigureAwait(true);
            await context.CloseAsync().ConfigureAwait(true);
        }
        catch (Exception cause)
        {
            Failed(nameof(ITracker.DisposeAsync), cause);
        }
    }

    private void Failed(string member, Exception cause)
    {
        var reason = $"failed in {member}: {cause.GetType().Name}: {cause.Message.ReplaceLineEndings(" ")}";
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            losses.Failed(this, reason, cause);
    }

    /// <summary>The tracker says itself that it lost values that it had taken.</summary>
    private void Confess(long points, string reason)
    {
        Interlocked.Add(ref _confessed, points);
        Interlocked.CompareExchange(ref _confession, reason, null);
    }

    private bool SayLoss()
    {
        if (Interlocked.Exchange(ref _said, 1) != 0)
            return false;
        var points = Interlocked.Read(ref _dropped) + Interlocked.Read(ref _waiting) + Interlocked.Read(ref _confessed);
        var reason = Volatile.Read(ref _reason) ?? Volatile.Read(ref _confession);
        if (points > 0 || reason is not null)
            losses.Record(this, points, reason ?? "was too slow and its queue was full");
        return true;
    }

    /// <summary>Values, a note, or the end.</summary>
    private readonly record struct Event(ReadOnlyMemory<MetricPoint> Points, RunNote? Note = null, RunEnd? End = null);
}
