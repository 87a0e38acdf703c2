namespace Orchestrator.Storage;

/// <summary>Something that happened: <c>run.queued</c>, <c>run.running</c>, <c>run.completed</c>, <c>sweep.running</c>, ...</summary>
internal sealed record StoredEvent(long Sequence, string Kind, long? RunNumber, DateTimeOffset At);
