namespace Orchestrator.Execution.Processes;

/// <summary>
/// Whether the system itself killed a process for want of memory. It does not say which, only how many (<see cref="SystemKillCount"/>): one that
/// was counted since an attempt began explains one SIGKILL that nobody here sent. Safe for concurrent use.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="count">Reads how many there were.</param>
internal sealed class SystemKills(TimeProvider time, Func<long> count)
{
    /// <summary>Thousands of attempts may begin in a second: they share a reading.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private (long Counted, long Explained)? _mark;
    private long _markedAt;
    private long _explained;

    /// <summary>Where the count stands when an attempt begins, or up to a second before.</summary>
    public (long Counted, long Explained) Mark()
    {
        lock (_gate)
        {
            if (_mark is not { } mark || time.GetElapsedTime(_markedAt) >= Fresh)
            {
                _mark = mark = (count(), _explained);
                _markedAt = time.GetTimestamp();
            }

            return mark;
        }
    }

    /// <summary>Whether a kill since then is left that explains the end of a process; it then explains no other.</summary>
    public bool Explain((long Counted, long Explained) since)
    {
        lock (_gate)
        {
            if (count() - since.Counted <= _explained - since.Explained)
                return false;
            _explained++;
            return true;
        }
    }
}
