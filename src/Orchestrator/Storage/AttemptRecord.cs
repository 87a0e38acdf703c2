namespace Orchestrator.Storage;

/// <summary>One attempt at a run.</summary>
internal sealed record AttemptRecord(
    int Number, RunState State, string Worker, string? Device, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, RunFailure? Failure);
