namespace Orchestrator.Execution.Processes;

/// <summary>
/// Ends processes that hold, with everything that descends from them, more memory than their run asked for (<see cref="ProcessMemory"/>). The
/// system tells nobody, so it is looked at ten times a second, while and only while there are such runs. Memory that several processes share counts
/// in each.
/// </summary>
internal sealed class MemoryWatch(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly List<Entry> _watched = [];
    private ITimer? _timer;

    /// <summary>Watches a process until what comes back is disposed.</summary>
    /// <param name="process">The process.</param>
    /// <param name="limit">In bytes; <see langword="null"/>: none.</param>
    public IDisposable? Watch(RunProcess process, long? limit)
    {
        if (limit is not { } bytes)
            return null;
        var entry = new Entry(this, process, bytes);
        lock (_gate)
        {
            _watched.Add(entry);
            if (_watched.Count == 1)
            {
                _timer ??= time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(Pause, Timeout.InfiniteTimeSpan);
            }
        }

        return entry;
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        Entry[] watched;
        lock (_gate)
            watched = [.. _watched];
        var snapshot = new MemorySnapshot();
        foreach (var (_, process, limit) in watched)
        {
            if (process is { Id: > 0, End: null } && process.HeldBytes(snapshot, limit) is var held && held > limit)
                process.KillForMemory(held);
        }

        lock (_gate)
        {
            if (_watched.Count > 0)
                _timer?.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed record Entry(MemoryWatch Owner, RunProcess Process, long Limit) : IDisposable
    {
        public void Dispose()
        {
            lock (Owner._gate)
                Owner._watched.Remove(this);
        }
    }
}
