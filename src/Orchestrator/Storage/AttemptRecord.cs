namespace Orchestrator.Storage;

/// <summary>One attempt at a run.</summary>
internal sealed record AttemptRecord(
    int Number, RunState State, string Worker, string? Device, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, RunFailure? Failure)
{
    /// <summary>The step of the checkpoint from which it went on; <see langword="null"/>: it began anew.</summary>
    public long? ResumedFrom { get; init; }
}
