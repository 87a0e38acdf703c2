using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Numerics;

namespace Orchestrator;

/// <summary>
/// The checkpoints of a run: the states of everything registered with it (<see cref="RunContext.Register"/>), of <see cref="RunContext.Random"/>
/// and the <see cref="Values"/>, saved whole or not at all. An attempt that follows a failed, killed or canceled one goes on from the newest whole
/// one by calling <see cref="RestoreAsync"/>, and reaches bit for bit what an uninterrupted run reaches.
/// </summary>
/// <remarks>
/// One call at a time, while nothing changes what is saved; the state is written and read on the calling thread before anything is awaited.
/// Report a step's values before saving it: what was reported by then belongs to the checkpoint.
/// </remarks>
public sealed partial class RunCheckpoints
{
    internal const int DefaultKeepCompleted = 1;
    private const int DefaultKeepLast = 2;

    private readonly IRunPort _port;
    private readonly RunObjects _objects;
    private readonly SeededRandom _random;
    private readonly List<CheckpointNote> _newestFirst;
    private readonly List<string> _damaged = [];
    private bool _prepared;
    private bool _hasHistory;
    private int _busy;

    internal RunCheckpoints(IRunPort port, RunObjects objects, SeededRandom random)
    {
        (_port, _objects, _random) = (port, objects, random);
        _newestFirst = [.. port.Info.Checkpoints];
    }

    /// <summary>How many of the newest are kept, of all attempts together; at least 1. Default: 2, so that one may be damaged.</summary>
    public int KeepLast
    {
        get;
        set => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least the newest checkpoint is kept.");
    } = DefaultKeepLast;

    /// <summary>Checkpoints whose step is a multiple of it are kept for good; 0 (the default): none is for its step.</summary>
    public long KeepEvery
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A number of steps is 0 or more.");
    }

    /// <summary>How many of the newest are still kept once the run has completed; 0 or more. Default: 1, the run's final state.</summary>
    public int KeepCompleted
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A number of checkpoints is 0 or more.");
    } = DefaultKeepCompleted;

    /// <summary>The caller's own values, saved and restored with the rest; put in what the next step needs and no registered object holds.</summary>
    public IDictionary<string, ParameterValue> Values { get; } = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);

    /// <summary>How a checkpoint's file is made; tests let it fail.</summary>
    internal Func<string, Stream>? OpenFile { get; set; }

    /// <summary>Those that are kept, of this attempt and earlier ones, newest first.</summary>
    public IReadOnlyList<CheckpointNote> Saved
    {
        get
        {
            lock (_newestFirst)
                return [.. _newestFirst];
        }
    }

    /// <summary>
    /// Saves a checkpoint: written, flushed to the disk, renamed into its place, noted in the store. Also while the run is asked to end: it may
    /// save what it has.
    /// </summary>
    /// <param name="step">The step (epoch) that is done; 0 or more.</param>
    /// <param name="cancellationToken">Ends the waiting for the store, not the writing.</param>
    /// <exception cref="CheckpointException">It could not be written (a full disk, for one); the ones before are kept.</exception>
    /// <exception cref="InvalidOperationException">Another save or restore of this run is under way.</exception>
    public async ValueTask SaveAsync(long step, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        try
        {
            var note = Write(step);
            lock (_newestFirst)
            {
                _newestFirst.Insert(0, note);
                note = note with { Superseded = [.. _damaged, .. CheckpointRetention.Superseded(_newestFirst, KeepLast, KeepEvery).Select(c => c.Path)] };
                _newestFirst.RemoveAll(c => note.Superseded.Contains(c.Path));
                _damaged.Clear();
            }

            _hasHistory = true;
            await _port.Note(note).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>As <see cref="SaveAsync"/>, for code that stays on its thread.</summary>
    /// <inheritdoc cref="SaveAsync"/>
    public void Save(long step) => SaveAsync(step).AsTask().GetAwaiter().GetResult();

    /// <summary>
    /// Puts everything registered, the generator and the <see cref="Values"/> back to the newest whole checkpoint of the run, of this attempt or
    /// an earlier one. A damaged one is passed over with a warning. Register first.
    /// </summary>
    /// <remarks>
    /// The first time in an attempt that has saved nothing yet, the run goes on from there: the values that had been reported when the checkpoint
    /// was saved are this attempt's, in the place of what it reported itself so far.
    /// </remarks>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The step after which it was saved: go on with the next. 0: there is none, nothing was changed.</returns>
    /// <exception cref="CheckpointException">What is registered is not what was saved, or an object does not take its state.</exception>
    /// <exception cref="InvalidOperationException">Another save or restore of this run is under way.</exception>
    public async ValueTask<long> RestoreAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        try
        {
            if (Read(static _ => true) is not { } restored)
                return 0;
            if (!_hasHistory)
                await _port.Note(new RestoredNote(restored.Step, restored.Path, _port.Now)).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            _hasHistory = true;
            return restored.Step;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>As <see cref="RestoreAsync"/>, for code that stays on its thread.</summary>
    /// <inheritdoc cref="RestoreAsync"/>
    public long Restore() => RestoreAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>
    /// Puts the states back to the newest whole checkpoint of one step: to evaluate the best one, or to try once more from there. What was
    /// reported stays as it is.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <returns>Whether there is one; else nothing was changed.</returns>
    /// <exception cref="CheckpointException">What is registered is not what was saved, or an object does not take its state.</exception>
    /// <exception cref="InvalidOperationException">Another save or restore of this run is under way.</exception>
    public bool Load(long step)
    {
        Enter();
        try
        {
            return Read(c => c.Step == step) is not null;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    private CheckpointNote Write(long step)
    {
        try
        {
            var folder = Prepare();
            var path = CheckpointFolders.NewPath(folder, _port.Info.Attempt, step);
            var (bytes, sha256) = CheckpointFile.Write(Path.Combine(folder, path), step, State(), OpenFile);
            return new CheckpointNote(step, path, bytes, sha256, _port.Now) { KeepEvery = KeepEvery, KeepCompleted = KeepCompleted };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            var kept = Saved is [var newest, ..] ? $"That of step {newest.Step} is kept." : "There is none before it.";
            throw new CheckpointException($"The checkpoint of step {step} could not be written: {cause.Message} {kept}", cause);
        }
    }

    private CheckpointNote? Read(Func<CheckpointNote, bool> wanted)
    {
        foreach (var candidate in Saved.Where(wanted))
        {
            var path = Path.Combine(_port.Info.Folder.FullPath, candidate.Path);
            using var file = CheckpointFile.OpenWhole(path, candidate, out var reason);
            if (file is null)
            {
                LogPassedOver(_port.Logger, candidate.Step, path, reason);
                Forget(candidate);
                continue;
            }

            CheckpointFile.Read(file, candidate, State());
            return candidate;
        }

        return null;
    }

    /// <summary>A damaged one counts for nothing: it takes no whole one's place, and goes with the next that is saved.</summary>
    private void Forget(CheckpointNote damaged)
    {
        lock (_newestFirst)
        {
            _newestFirst.Remove(damaged);
            _damaged.Add(damaged.Path);
        }
    }

    private List<StatefulObject> State() =>
    [
        new(CheckpointFile.RandomName, to => StateAdapter.Of(_random)!.SaveState(_random, to), from => StateAdapter.Of(_random)!.LoadState(_random, from)),
        new(CheckpointFile.ValuesName, SaveValues, LoadValues),
        .. _objects.WithState(),
    ];

    private void SaveValues(Stream to)
    {
        using var json = new Utf8JsonWriter(to, ParameterJson.Relaxed);
        ParameterJson.Write(json, ParameterValue.FromMap(Values));
    }

    private void LoadValues(Stream from)
    {
        using var json = JsonDocument.Parse(from);
        Values.Clear();
        foreach (var (name, value) in ParameterJson.Read(json.RootElement).Entries)
            Values[name] = value;
    }

    /// <summary>The run's folder, with the attempt's own in it.</summary>
    private string Prepare()
    {
        var folder = _port.Info.Folder.Ensure();
        if (_prepared)
            return folder;
        Directory.CreateDirectory(Path.Combine(folder, CheckpointFolders.OfAttempt(_port.Info.Attempt)));
        CheckpointFolders.RemoveLeftovers(folder, _port.Info.Attempt, Saved.Select(c => c.Path));
        _prepared = true;
        return folder;
    }

    private void Enter()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("A checkpoint of this run is being saved or restored: one at a time.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The checkpoint of step {Step} ({Path}) is passed over: {Reason}. The one before is tried.")]
    private static partial void LogPassedOver(ILogger logger, long step, string path, string reason);
}
