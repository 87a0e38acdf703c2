namespace Orchestrator.Execution.Processes;

/// <summary>
/// Ends processes whose resident memory, with that of everything that descends from them, exceeds what their run asked for. The system tells
/// nobody, so it is looked at ten times a second, while and only while there are such runs. Memory that several processes share counts in each.
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

    /// <summary>Resident memory of a process and of what descends from it, in bytes.</summary>
    public static long ResidentOf(int process, List<ProcessEntry> table)
    {
        var all = ProcessTable.Descendants(table, new HashSet<int> { process });
        var pages = 0L;
        foreach (var entry in table)
        {
            if (entry.Id == process || entry.Session == process || all.Contains(entry.Id))
                pages += entry.ResidentPages;
        }

        return pages * Environment.SystemPageSize;
    }

    private void Look()
    {
        Entry[] watched;
        lock (_gate)
            watched = [.. _watched];
        var snapshot = new MemorySnapshot();
        foreach (var (_, process, limit) in watched)
        {
            if (process is { Id: > 0, End: null } && process.ResidentBytes(snapshot) is var resident && resident > limit)
                process.KillForMemory(resident);
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
