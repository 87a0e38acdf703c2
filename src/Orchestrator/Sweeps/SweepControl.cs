namespace Orchestrator;

/// <summary>How far a sweep is asked to end.</summary>
internal enum StopLevel
{
    None,

    /// <summary>Nothing new is started; runs may end.</summary>
    Drain,

    /// <summary>Runs are asked to end, too; they are recorded as canceled and can be resumed.</summary>
    Cancel,
}

/// <summary>Steers a sweep that is being executed, from any thread.</summary>
public sealed class SweepControl
{
    private readonly Lock _gate = new();
    private Action? _changed;

    internal StopLevel Level { get; private set; }

    internal string Reason { get; private set; } = "";

    /// <summary>Starts nothing new and lets running runs end.</summary>
    public void Stop(string reason = "stopped on request") => Raise(StopLevel.Drain, reason);

    /// <summary>Starts nothing new and asks running runs to end; they are recorded as canceled and can be resumed.</summary>
    public void Cancel(string reason = "canceled on request") => Raise(StopLevel.Cancel, reason);

    internal void Attach(Action changed)
    {
        lock (_gate)
            _changed = changed;
        if (Level != StopLevel.None)
            changed();
    }

    private void Raise(StopLevel level, string reason)
    {
        lock (_gate)
        {
            if (level <= Level)
                return;
            (Level, Reason) = (level, reason);
        }

        _changed?.Invoke();
    }
}
