namespace Orchestrator;

/// <summary>The sweep is being executed by another process.</summary>
public sealed class SweepBusyException(string sweep)
    : Exception($"Sweep {sweep} is being executed by another process. Wait for it to end, or stop it first.")
{
    /// <summary>The id of the sweep.</summary>
    public string Sweep { get; } = sweep;
}

/// <summary>No sweep has that name or id, or none can be resumed.</summary>
public sealed class SweepNotFoundException(string message) : Exception(message);

/// <summary>The caller's token ended the sweep. Its runs are recorded as canceled, and it can be resumed.</summary>
public sealed class SweepCanceledException(string sweep, CancellationToken cancellationToken)
    : OperationCanceledException($"Sweep {sweep} was canceled by its caller; it can be resumed by that id.", cancellationToken)
{
    /// <summary>The id of the sweep, for <see cref="SweepOptions.Resume"/>.</summary>
    public string Sweep { get; } = sweep;
}
