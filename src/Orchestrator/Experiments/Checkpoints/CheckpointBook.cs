using Orchestrator.Storage;

namespace Orchestrator.Experiments.Checkpoints;

/// <summary>
/// The checkpoints of one run as the orchestrating process knows them, over its attempts; newest first. Safe for concurrent use.
/// </summary>
internal sealed class CheckpointBook(IReadOnlyList<StoredCheckpoint> stored)
{
    private readonly Lock _gate = new();
    private List<StoredCheckpoint>? _known = stored.Count > 0 ? [.. stored] : null; // most runs have none

    public CheckpointBook()
        : this([])
    {
    }

    public IReadOnlyList<CheckpointNote> Notes
    {
        get
        {
            lock (_gate)
                return _known is null ? [] : [.. _known.Select(c => c.Note)];
        }
    }

    public void Add(StoredCheckpoint saved)
    {
        lock (_gate)
        {
            _known ??= [];
            _known.Insert(0, saved);
            _known.RemoveAll(c => saved.Note.Superseded.Contains(c.Note.Path));
        }
    }

    public ReportBase? BaseOf(string path)
    {
        lock (_gate)
            return _known?.Find(c => c.Note.Path == path)?.Base;
    }

    /// <summary>The paths that are not kept any more once the run has completed, as the newest checkpoint says.</summary>
    public IReadOnlyList<string> SupersededByCompletion()
    {
        var newestFirst = Notes;
        return newestFirst.Count == 0
            ? []
            : [.. CheckpointRetention.Superseded(newestFirst, newestFirst[0].KeepCompleted, newestFirst[0].KeepEvery).Select(c => c.Path)];
    }
}
