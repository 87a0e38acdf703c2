namespace Orchestrator.Execution.Processes;

/// <summary>
/// Whose the processes are whose parent is a launcher: what it started, and what left its session, lost its parent and was adopted by it. By the
/// mark in their environment, which is read once of each. Safe for concurrent use.
/// </summary>
internal sealed class AdoptedProcesses(int launcher, ProcessMark mark)
{
    private readonly Lock _gate = new();
    private Dictionary<(int Id, long Started), long> _numbers = [];
    private MemorySnapshot? _last;

    /// <summary>What a process of the launcher and everything that descends from it are, at a moment.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="number">Its number at the launcher.</param>
    /// <param name="snapshot">The moment.</param>
    public List<ProcessEntry> TreeOf(int process, long number, MemorySnapshot snapshot)
    {
        var table = snapshot.Table;
        var numbers = NumbersAt(snapshot);
        var roots = new HashSet<int> { process };
        foreach (var entry in table)
        {
            if (entry.Session == process || (entry.Parent == launcher && numbers.TryGetValue((entry.Id, entry.Started), out var its) && its == number))
                roots.Add(entry.Id);
        }

        var others = ProcessTable.Descendants(table, roots);
        return table.FindAll(e => roots.Contains(e.Id) || others.Contains(e.Id));
    }

    private Dictionary<(int Id, long Started), long> NumbersAt(MemorySnapshot snapshot)
    {
        lock (_gate)
        {
            if (_last == snapshot)
                return _numbers;
            var now = new Dictionary<(int, long), long>();
            foreach (var entry in snapshot.Table)
            {
                // One without a mark may be about to become another program, and is asked again the next time.
                if (entry.Parent == launcher && !entry.IsZombie
                    && (_numbers.TryGetValue((entry.Id, entry.Started), out var known) ? known : mark.NumberOf(entry.Id)) is { } number)
                    now[(entry.Id, entry.Started)] = number;
            }

            _last = snapshot;
            return _numbers = now;
        }
    }
}
