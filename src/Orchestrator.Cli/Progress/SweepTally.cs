using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Progress;

/// <summary>Counts what ends, and from that tells how long the rest takes. Used by one caller at a time.</summary>
internal sealed class SweepTally
{
    private long? _planned;
    private long _endedHere;
    private DateTimeOffset _begun;

    public long Completed { get; private set; }

    public long Failed { get; private set; }

    public long Pruned { get; private set; }

    public long Canceled { get; private set; }

    /// <summary>Runs that have ended, for good.</summary>
    public long Ended => Completed + Failed + Pruned;

    /// <summary>How many runs there will be, if that is known.</summary>
    public long? Planned => _planned is { } planned ? Math.Max(planned, Ended) : null;

    /// <summary><c>14/27</c>.</summary>
    public string Share => Planned is { } planned ? $"{Human.Count(Ended)}/{Human.Count(planned)}" : Human.Count(Ended);

    /// <summary>The counts as they are now.</summary>
    public SweepTally Copy() => (SweepTally)MemberwiseClone();

    public void Begin(SweepRecord sweep, DateTimeOffset now)
    {
        (_planned, _begun) = (sweep.PlannedRuns, now);
        (Completed, Failed, Pruned) = (sweep.Counts.Completed, sweep.Counts.Failed, sweep.Counts.Pruned);
    }

    /// <summary>How many runs there will be has changed.</summary>
    public void Plan(long? planned) => _planned = planned;

    public void Add(RunEnded ended)
    {
        switch (ended.Next)
        {
            case RunState.Completed: Completed++; break;
            case RunState.Failed: Failed++; break;
            case RunState.Pruned: Pruned++; break;
            case RunState.Canceled: Canceled++; return;
            default: return;
        }

        _endedHere++;
    }

    /// <summary>How long the rest takes at the pace so far; <see langword="null"/> while nobody can tell.</summary>
    public double? SecondsLeft(DateTimeOffset now)
    {
        var elapsed = (now - _begun).TotalSeconds;
        return Planned is { } planned && _endedHere > 0 && elapsed > 0 ? (planned - Ended) * elapsed / _endedHere : null;
    }
}
