namespace Orchestrator.Storage;

/// <summary>A request to a sweep that another process executes; its id once it is durable.</summary>
internal sealed class RequestAdded : StoreCommand
{
    private readonly TaskCompletionSource<long> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required long Sweep { get; init; }

    /// <summary>The request, as JSON.</summary>
    public required string Request { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Set by the writer.</summary>
    public long AssignedId { get; set; }

    public Task<long> Id => _id.Task;

    public override void Committed(bool applied) => _id.TrySetResult(AssignedId);

    public override void Failed(Exception cause) => _id.TrySetException(cause);
}

/// <summary>The answer of the process that executes the sweep. A request is answered once.</summary>
internal sealed class RequestAnswered : StoreCommand
{
    public required long Id { get; init; }

    public required bool Accepted { get; init; }

    public required string Answer { get; init; }
}

/// <summary>A request as stored.</summary>
internal sealed record StoredRequest(long Id, string Request, bool? Accepted, string? Answer);
