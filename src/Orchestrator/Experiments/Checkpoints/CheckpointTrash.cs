namespace Orchestrator.Experiments.Checkpoints;

/// <summary>Deletes files in the background, one after another. Safe for concurrent use; nothing is thrown.</summary>
internal sealed class CheckpointTrash
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    public void Add(string runFolder, IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
            return;
        lock (_gate)
        {
            _last = _last.ContinueWith(
                _ =>
                {
                    foreach (var path in paths)
                        CheckpointFile.TryDelete(Path.Combine(runFolder, path));
                },
                CancellationToken.None,
                TaskContinuationOptions.RunContinuationsAsynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>Completes when everything added so far is deleted.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
            return _last;
    }
}
