using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Storage;
using Orchestrator.Telemetry;
using Orchestrator.Tracking;

namespace Orchestrator.Execution;

/// <summary>
/// One attempt at a run while it is executed: its token with a reason, its reports, and the fence that lets exactly one party
/// end it. After the end every report is ignored and counted.
/// </summary>
internal sealed class RunAttempt : IRunPort, IRunningRun, IDisposable
{
    /// <summary>A run that is this far ahead of the store waits for it.</summary>
    private const int MostWaitingPoints = 65_536;

    private const int LongestName = 1_000;
    private const int LongestValue = 16_000_000;
    private const int DeepestValue = 50; // whoever reads a record as JSON gives up at 64

    private readonly ISweepStore _store;
    private readonly TimeProvider _time;
    private readonly IRunTracking? _tracking;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _timers = new();
    private Action<RunAttempt>? _abandon;
    private AttemptTimeout? _timeout;
    private ITimer? _grace;
    private TimeSpan? _graceGiven;
    private Action? _whenEnded;
    private bool _disposed;
    private int _reason;
    private int _ended;
    private long _late;
    private RunLog? _log;
    private EarlierReports? _earlier;
    private Dictionary<string, string>? _warnings;

    public RunAttempt(
        RunInfo info, RunKey key, long lease, ISweepStore store, TimeProvider time, IRunTracking? tracking,
        IReadOnlyList<KeyValuePair<string, MetricSummary>>? before = null)
    {
        Info = info;
        Key = key;
        Lease = lease;
        _store = store;
        _time = time;
        _tracking = tracking;
        Reports = new ReportBuffer(key, info.Attempt, before);
        if (before is { Count: > 0 })
            _earlier = new EarlierReports(store, Reports);
        CancellationToken = _cancellation.Token;
    }

    public RunInfo Info { get; }

    public RunKey Key { get; }

    /// <summary>Where everything about it goes, its end too: after a failure a store that was opened anew lacks a part of it.</summary>
    public ISweepStore Store => _store;

    public long Lease { get; }

    public ReportBuffer Reports { get; }

    /// <summary>The run's checkpoints, of all its attempts.</summary>
    public CheckpointBook Checkpoints { get; set; } = new();

    /// <summary>Deletes the files of checkpoints that are not kept.</summary>
    public CheckpointTrash Trash { get; set; } = new();

    /// <summary>Its span; <see langword="null"/> where nobody listens. Set before the user's code begins.</summary>
    public Activity? Span { get; set; }

    /// <summary>The span of the run, where the attempt is held by hand: with a sweep's run the ticket has it.</summary>
    public Activity? RunSpan { get; set; }

    /// <summary>Valid after disposal, too: late user code must not see an <see cref="ObjectDisposedException"/>.</summary>
    public CancellationToken CancellationToken { get; }

    public CancellationReason CancellationReason => (CancellationReason)Volatile.Read(ref _reason);

    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Values and notes that came after the end.</summary>
    public long LateReports => Interlocked.Read(ref _late);

    /// <summary>
    /// From now on the attempt is asked to end after <paramref name="timeout"/>; and if it does not end when asked to, whatever
    /// the reason, <paramref name="abandon"/> is called once after a grace period (the usual one for the reason, if none is given).
    /// </summary>
    public void Watch(TimeSpan? timeout, Action<RunAttempt> abandon, TimeSpan? grace = null)
    {
        lock (_timers)
        {
            _abandon = abandon;
            _graceGiven = grace;
        }

        if (CancellationReason != CancellationReason.None)
            StartGrace(CancellationReason); // it was asked to end before it was watched
        if (timeout is { } limit)
            Limit().Start(limit);
    }

    /// <inheritdoc/>
    public IDisposable HoldTimeout() => Limit().Hold();

    /// <inheritdoc/>
    public void WhenEnded(Action called)
    {
        lock (_timers)
        {
            if (!HasEnded)
            {
                _whenEnded += called;
                return;
            }
        }

        called();
    }

    /// <summary>This attempt's part of the run's log; made when first asked for, closed by the end.</summary>
    public RunLog Log
    {
        get
        {
            var log = Volatile.Read(ref _log);
            if (log is not null)
                return log;
            log = new RunLog(Info, Info.Caps.Log);
            log = Interlocked.CompareExchange(ref _log, log, null) ?? log;
            if (HasEnded)
                log.End(); // the end may have come between: it saw no log to close
            return log;
        }
    }

    /// <summary>The last lines of the log; <see langword="null"/> if nothing was logged.</summary>
    public string? LogTail => Volatile.Read(ref _log)?.Tail();

    /// <summary>What user code logs through; by default it writes to <see cref="Log"/> and nowhere else.</summary>
    public ILogger Logger
    {
        get => field ??= new RunLogger(this);
        init;
    }

    /// <summary>Asks the run to end; the first reason stands.</summary>
    public void Cancel(CancellationReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, 0) != 0)
            return;
        StartGrace(reason);
        // Callbacks of user code run elsewhere: one that throws or hangs must not reach whoever cancels.
        ThreadPool.UnsafeQueueUserWorkItem(static attempt => attempt.CancelNow(), this, preferLocal: false);
    }

    public (double Value, long Step)? Latest(string metric) => Reports.SummaryOf(metric) is { } summary ? (summary.Last, summary.LastStep) : null;

    /// <summary>True for the one caller who may record the end. Closes the log: what the end says of it must be final.</summary>
    public bool TryEnd()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return false;
        Volatile.Read(ref _log)?.End();
        Action? whenEnded;
        lock (_timers)
            (whenEnded, _whenEnded) = (_whenEnded, null);
        whenEnded?.Invoke();
        return true;
    }

    /// <summary>The step from which values are counted that come without one: behind what the attempt has taken over.</summary>
    public long FirstCountedStep()
    {
        if (_earlier?.BeginWithoutStep() == true)
            _store.Append(new ReportsPending(Reports));
        return _earlier?.NextStep ?? 0;
    }

    /// <summary>
    /// The attempt was given the state that the ones before have left in a folder: what they reported is this attempt's, until its first report shows
    /// from which step it goes on.
    /// </summary>
    /// <param name="folder">The folder, relative to the run's.</param>
    /// <param name="savedAt">When its newest file was written.</param>
    public void GoOn(string folder, DateTimeOffset savedAt)
    {
        _store.FlushAsync().GetAwaiter().GetResult();
        _earlier = EarlierReports.TakeOver(_store, Reports, savedAt, step => _tracking?.Note(new RestoredNote(step, folder, Now)));
        if (!Reports.IsDrained)
            _store.Append(new ReportsPending(Reports));
    }

    public ValueTask Report(long step, ReadOnlySpan<(string Name, double Value)> metrics)
    {
        if (HasEnded)
        {
            Interlocked.Add(ref _late, metrics.Length);
            return default;
        }

        var at = _time.GetUtcNow();
        var points = new MetricPoint[metrics.Length];
        for (var i = 0; i < points.Length; i++)
            points[i] = new MetricPoint(Checked(metrics[i].Name), step, metrics[i].Value, at);

        RunMeters.Reported(points.Length);
        var wasEmpty = (_earlier?.Meet(points) ?? false) | Reports.Append(points);
        _tracking?.Report(points);
        if (wasEmpty)
            return _store.AppendAsync(new ReportsPending(Reports));
        return Reports.Waiting > MostWaitingPoints ? new ValueTask(_store.FlushAsync()) : default;
    }

    /// <summary>Says of something that it is not kept: in the log, and with the run.</summary>
    /// <param name="name">What it is about; may be empty.</param>
    /// <param name="reason">Why, as the rest of a sentence.</param>
    public void Warn(string name, string reason)
    {
        var warning = new WarningNote(name, reason, Now);
        lock (_timers)
            (_warnings ??= []).TryAdd(name, warning.Sentence);
        Log.Write(RunLogLine.Format(warning.At, LogLevel.Warning, null, warning.Sentence));
        Note(warning).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>What was said first of why something is not kept; <see langword="null"/>: nothing.</summary>
    public string? WarningOf(string name)
    {
        lock (_timers)
            return _warnings?.GetValueOrDefault(name);
    }

    /// <summary>Hands the labels of its sweep to the trackers. The store has them with the sweep.</summary>
    public void Label(IReadOnlyList<string> tags, IReadOnlyList<KeyValuePair<string, ParameterValue>> attributes)
    {
        if (_tracking is null)
            return;
        foreach (var (name, value) in attributes)
            _tracking.Note(new AttributeNote(name, value, Info.StartedAt));
        foreach (var tag in tags)
            _tracking.Note(new TagNote(tag, Info.StartedAt));
    }

    public ValueTask Note(RunNote note)
    {
        if (HasEnded)
        {
            Interlocked.Increment(ref _late);
            return default;
        }

        if (note is TaskNote task)
            RunSpans.Task(Span, task);
        _tracking?.Note(note);
        return note switch
        {
            CheckpointNote saved => Saved(saved),
            RestoredNote restored => Restored(restored),
            _ => _store.AppendAsync(new RunNoted { Run = Key, Attempt = Info.Attempt, Note = note }),
        };
    }

    private ValueTask Saved(CheckpointNote note)
    {
        var checkpoint = new StoredCheckpoint(note, Reports.Snapshot(note.Step));
        Checkpoints.Add(checkpoint);
        return _store.AppendAsync(new CheckpointSavedCommand(Trash, Info.Folder.FullPath) { Run = Key, Attempt = Info.Attempt, Note = note, Checkpoint = checkpoint });
    }

    private ValueTask Restored(RestoredNote note)
    {
        var taken = Checkpoints.BaseOf(note.Path) ?? throw new InvalidOperationException($"Run {Info.Id} has no checkpoint '{note.Path}' to go on from.");
        _earlier = null; // the checkpoint says exactly what is taken over
        if (taken.Attempt < Info.Attempt)
        {
            _store.FlushAsync().GetAwaiter().GetResult();
            taken = EarlierReports.WithLateValues(_store, Key, taken);
        }

        return Reports.Rebase(taken) ? _store.AppendAsync(new ReportsPending(Reports)) : default;
    }

    public long? LastStep(string metric) => Reports.SummaryOf(metric)?.LastStep;

    public DateTimeOffset Now => _time.GetUtcNow();

    IRunLog IRunPort.Log => Log;

    /// <summary>Completes when the trackers are done with, after their end. Never fails.</summary>
    public Task TrackersFinished => _tracking?.Finished ?? Task.CompletedTask;

    /// <summary>Tells the trackers; the winner of <see cref="TryEnd"/> calls it once.</summary>
    public void EndTracking(RunEnd end) => _tracking?.End(end);

    public void Dispose()
    {
        lock (_timers)
            _disposed = true;
        _timeout?.Dispose();
        _grace?.Dispose();
        _cancellation.Dispose();
        Volatile.Read(ref _log)?.End();
    }

    // What the store cannot keep must fail here, in the run that reports it: the store is everybody's.
    internal static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Length <= LongestName
            ? name
            : throw new ArgumentException($"A name has at most {LongestName} characters; '{name[..40]}...' has {name.Length}.", nameof(name));
    }

    /// <exception cref="ArgumentException">The value is nested too deeply, or too large.</exception>
    internal static ParameterValue Checked(ParameterValue value, string name)
    {
        var left = LongestValue;
        Measure(value, 0);
        return value;

        void Measure(ParameterValue part, int depth)
        {
            if (depth > DeepestValue)
                throw new ArgumentException($"A value has at most {DeepestValue} lists and mappings within each other; '{Brief(name)}' has more.", nameof(value));
            if (part.Kind is ParameterKind.List or ParameterKind.Map)
                depth++;
            left -= part.Kind == ParameterKind.Text ? part.AsText().Length : 8;
            foreach (var item in part.Items)
                Measure(item, depth);
            foreach (var (key, item) in part.Entries)
            {
                left -= key.Length;
                Measure(item, depth);
            }

            if (left < 0)
                throw new ArgumentException($"A value has at most {LongestValue} characters; '{Brief(name)}' has more. Keep it as an artifact.", nameof(value));
        }
    }

    private static string Brief(string name) => name.Length <= 40 ? name : name[..40] + "...";

    /// <summary>The files of superseded checkpoints go when, and only when, it is durable that they do not count.</summary>
    private sealed class CheckpointSavedCommand(CheckpointTrash trash, string runFolder) : CheckpointSaved
    {
        public override void Committed(bool applied)
        {
            if (applied)
                trash.Add(runFolder, Checkpoint.Note.Superseded);
        }
    }

    /// <summary>Made when first asked for: few runs have one.</summary>
    private AttemptTimeout Limit()
    {
        lock (_timers)
            return _timeout ??= new AttemptTimeout(_time, () => Cancel(CancellationReason.Timeout));
    }

    private void StartGrace(CancellationReason reason)
    {
        lock (_timers)
        {
            var grace = _graceGiven ?? (reason == CancellationReason.Timeout ? RunExecutor.TimeoutGrace : RunExecutor.CancelGrace);
            if (!_disposed && _grace is null && _abandon is { } abandon)
                _grace = _time.CreateTimer(_ => abandon(this), null, grace, Timeout.InfiniteTimeSpan);
        }
    }

    private void CancelNow()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (Exception cause) when (cause is AggregateException or ObjectDisposedException)
        {
            // A callback registered by user code threw, or the run ended meanwhile: the token is canceled all the same.
        }
    }
}
