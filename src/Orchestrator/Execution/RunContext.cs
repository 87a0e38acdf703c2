using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using Orchestrator.Experiments;
using Orchestrator.Numerics;

namespace Orchestrator;

/// <summary>
/// The run that is being executed: what it is, what it was given, and where it reports to. One per attempt; registered in the
/// run's DI scope. Safe for concurrent use, except <see cref="Random"/>.
/// </summary>
public partial class RunContext
{
    private readonly IRunPort _port;
    private readonly Lock _gate = new();
    private ConcurrentDictionary<string, long>? _steps;
    private SeededRandom? _random;
    private ParameterSet? _parameters;
    private RunArtifacts? _artifacts;
    private int _tasks = -1;

    internal RunContext(IRunPort port) => _port = port;

    /// <summary>The run in whose flow the caller is; <see langword="null"/> outside of one. Follows <c>await</c>, tasks and threads.</summary>
    public static RunContext? Current => AmbientRun.Current;

    /// <summary>Identity, parameters and place of this attempt.</summary>
    public RunInfo Info => _port.Info;

    /// <summary>The run's id.</summary>
    public string Id => Info.Id;

    /// <summary>The run's name.</summary>
    public string Name => Info.Name;

    /// <summary>The run's parameters: those that it was given, and what it set on top.</summary>
    public ParameterSet Parameters => Volatile.Read(ref _parameters) ?? Info.Parameters;

    /// <summary>The configuration of the experiment that the run belongs to; <see langword="null"/> for a sweep's run.</summary>
    internal object? Configuration { get; init; }

    /// <summary>The run's seed: the same for every attempt, and for the same replicate of every assignment.</summary>
    public long Seed => Info.Seed;

    /// <summary>A generator seeded by <see cref="Seed"/>; not safe for concurrent use.</summary>
    public SeededRandom Random => Volatile.Read(ref _random) ?? Kept(ref _random, new SeededRandom(Seed));

    /// <summary>The device the run was given, <c>cpu</c> for one.</summary>
    public string Device => Info.Device;

    /// <summary>The run's folder; asking for it makes it.</summary>
    public string Directory => Info.Folder.Ensure();

    /// <summary>Logs to the host's log and to the run's own, <c>run.log</c>; so does any other logger that is used in the run's flow.</summary>
    public ILogger Logger => _port.Logger;

    /// <summary>Canceled when the run must end.</summary>
    public CancellationToken CancellationToken => _port.CancellationToken;

    /// <summary>Why <see cref="CancellationToken"/> was canceled.</summary>
    public CancellationReason CancellationReason => _port.CancellationReason;

    /// <summary>This attempt's part of the run's log.</summary>
    internal IRunLog Log => _port.Log;

    /// <summary>Sets a parameter on top of those that the run was given; the last one of a name wins. Ignored, and counted, after the run's end.</summary>
    /// <param name="name">Its name, at most 1,000 characters.</param>
    /// <param name="value">
    /// Its value, at most 16,000,000 characters and 50 lists and mappings within each other; they are read back as they were given.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty or too long, or the value too large.</exception>
    public void SetParameter(string name, ParameterValue value)
    {
        var note = new ParameterNote(RunAttempt.Checked(name), RunAttempt.Checked(value, name), _port.Now);
        lock (_gate)
        {
            _parameters = Parameters.With([new(name, value)]);
            Info.Folder.Update(_parameters);
        }

        Note(note);
    }

    /// <summary>Keeps a named value with the run; the last one of a name wins. Ignored, and counted, after the run's end.</summary>
    /// <param name="name">Its name, at most 1,000 characters.</param>
    /// <param name="value">
    /// Its value, at most 16,000,000 characters and 50 lists and mappings within each other; they are read back as they were given.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty or too long, or the value too large.</exception>
    public void SetAttribute(string name, ParameterValue value) => Note(new AttributeNote(RunAttempt.Checked(name), RunAttempt.Checked(value, name), _port.Now));

    /// <summary>Labels the run. Lower case; anything but letters, digits and <c>/ @ . - _</c> becomes <c>_</c>; a repeated tag is kept once.</summary>
    /// <param name="tag">The label.</param>
    /// <exception cref="ArgumentException">The tag is empty or too long.</exception>
    public void AddTag(string tag) => Note(new TagNote(RunTags.Normalize(RunAttempt.Checked(tag)), _port.Now));

    /// <summary>
    /// Keeps a copy of a file, or of all files of a folder, with the run, in its folder <c>artifacts</c>. A content that the run has already is
    /// not copied again.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="name">Its name in the run, with <c>/</c> between folders; the last one of a name wins. Default: the file's or folder's own.</param>
    /// <param name="cancellationToken">Ends the copying.</param>
    /// <exception cref="ArgumentException">The name leads out of the run's folder.</exception>
    /// <exception cref="ArtifactLimitException">
    /// It does not fit under the cap of the run, <c>resources.artifacts</c>: nothing of it is kept, of a folder the files before it are.
    /// </exception>
    /// <exception cref="IOException">It cannot be read, or not be written.</exception>
    public Task AddArtifactAsync(string path, string? name = null, CancellationToken cancellationToken = default) =>
        Artifacts.AddAsync(path, name, cancellationToken);

    /// <summary>As the other overload, from a stream, which is read to its end.</summary>
    public Task AddArtifactAsync(Stream content, string name, CancellationToken cancellationToken = default) =>
        Artifacts.AddAsync(content, name, cancellationToken);

    /// <summary>
    /// Begins a task within the run: what it reports under <c>m</c> the run has as <c>task.m</c>. It has a duration of its own. Dispose it where
    /// it ends.
    /// </summary>
    /// <param name="name">The task's name; need not be unique.</param>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    public RunTask StartTask(string name) => new(this, RunAttempt.Checked(name));

    /// <summary>Runs a block as a task within the run; an exception that leaves it is kept as the task's failure and goes on to the caller.</summary>
    /// <inheritdoc cref="StartTask"/>
    public async Task RunTaskAsync(string name, Func<RunTask, Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var task = StartTask(name);
        await task.RunAsync(body).ConfigureAwait(false);
    }

    /// <summary>Reports a value without saying the step: it is counted by name, from 0, and goes on behind the last step that was reported with one.</summary>
    /// <param name="name">The metric's name.</param>
    /// <param name="value">The value; NaN and infinities are kept as they are.</param>
    /// <exception cref="OperationCanceledException">The run must end.</exception>
    public void LogMetric(string name, double value) =>
        Report(
            Steps.AddOrUpdate(
                RunAttempt.Checked(name),
                static (n, port) => (port.LastStep(n) ?? -1) + 1,
                static (n, last, port) => Math.Max(last, port.LastStep(n) ?? -1) + 1,
                _port),
            (name, value));

    /// <summary>
    /// Reports values of one step. Stored and handed to the trackers without waiting for either. A report after the run's end is
    /// ignored and counted.
    /// </summary>
    /// <param name="step">The step, usually the epoch; need not rise.</param>
    /// <param name="metrics">Names and values; NaN and infinities are kept as they are.</param>
    /// <exception cref="OperationCanceledException">The run must end.</exception>
    public void Report(long step, params ReadOnlySpan<(string Name, double Value)> metrics)
    {
        NoticeFlow();
        Said();
        CancellationToken.ThrowIfCancellationRequested();
        _port.Report(step, metrics).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>As <see cref="Report"/>, waiting without a thread where the store is behind.</summary>
    public ValueTask ReportAsync(long step, (string Name, double Value) metric, CancellationToken cancellationToken = default) =>
        ReportAsync(step, [metric], cancellationToken);

    /// <summary>As <see cref="Report"/>, waiting without a thread where the store is behind.</summary>
    public ValueTask ReportAsync(
        long step, (string Name, double Value) first, (string Name, double Value) second, CancellationToken cancellationToken = default) =>
        ReportAsync(step, [first, second], cancellationToken);

    /// <summary>As <see cref="Report"/>, waiting without a thread where the store is behind.</summary>
    public ValueTask ReportAsync(long step, ReadOnlySpan<(string Name, double Value)> metrics, CancellationToken cancellationToken = default)
    {
        NoticeFlow();
        Said();
        cancellationToken.ThrowIfCancellationRequested();
        CancellationToken.ThrowIfCancellationRequested();
        return _port.Report(step, metrics);
    }

    internal DateTimeOffset Now => _port.Now;

    /// <inheritdoc cref="IRunPort.HoldTimeout"/>
    internal IDisposable? HoldTimeout() => _port.HoldTimeout();

    /// <inheritdoc cref="IRunPort.WhenEnded"/>
    internal void WhenEnded(Action called) => _port.WhenEnded(called);

    internal int NextTask() => Interlocked.Increment(ref _tasks);

    internal void Note(RunNote note)
    {
        NoticeFlow();
        Said();
        _port.Note(note).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Not <see cref="Note"/>: a task that ends by an exception says so while the exception is on its way.</summary>
    internal void TaskEnded(TaskNote note) => _port.Note(note).AsTask().GetAwaiter().GetResult();

    internal ValueTask NoteAsync(RunNote note)
    {
        NoticeFlow();
        Said();
        return _port.Note(note);
    }

    /// <summary>From now on <see cref="OnItsWayOut"/> is asked for.</summary>
    internal virtual void WatchExceptions()
    {
    }

    /// <summary>An exception that is on its way out of the run's code, where that is known.</summary>
    internal virtual Exception? OnItsWayOut => null;

    /// <summary>The run's code goes on and says something: whatever exception there was, it was handled.</summary>
    private protected virtual void Said()
    {
    }

    private ConcurrentDictionary<string, long> Steps =>
        Volatile.Read(ref _steps) ?? Kept(ref _steps, new ConcurrentDictionary<string, long>(StringComparer.Ordinal));

    /// <summary>What was made first stays, whoever makes another at the same moment.</summary>
    private static T Kept<T>(ref T? place, T made)
        where T : class => Interlocked.CompareExchange(ref place, made, null) ?? made;

    private RunArtifacts Artifacts
    {
        get
        {
            lock (_gate)
                return _artifacts ??= new RunArtifacts(this);
        }
    }
}
