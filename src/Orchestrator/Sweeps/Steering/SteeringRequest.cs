using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Sweeps.Steering;

/// <summary>What may be asked of a sweep.</summary>
internal enum SteeringKind
{
    /// <summary>Start nothing new until continued.</summary>
    Pause,

    /// <summary>Go on after a pause.</summary>
    Continue,

    /// <summary>Start nothing new, let runs end, and end.</summary>
    Stop,

    /// <summary>End the runs, too.</summary>
    Cancel,

    /// <summary>Change limits and priority.</summary>
    Set,

    /// <summary>Queue failed runs again.</summary>
    Retry,
}

/// <summary>A request to a sweep. What is <see langword="null"/> stays as it is.</summary>
internal sealed record SteeringRequest(SteeringKind Kind)
{
    /// <summary>Set: the new <c>limits.maxRuns</c>.</summary>
    public long? MaxRuns { get; init; }

    /// <summary>Set: so many more than <c>limits.maxRuns</c>.</summary>
    public long? MoreRuns { get; init; }

    /// <summary>Set: the new <c>limits.maxConcurrent</c>.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>Set: the new <c>limits.duration</c>.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Set: the new priority.</summary>
    public int? Priority { get; init; }

    /// <summary>Set: the new <c>timeout</c>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Set: the new <c>retry.maxAttempts</c>.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Set: the new <c>retry.backoff</c>.</summary>
    public TimeSpan? Backoff { get; init; }

    /// <summary>Set: the new <c>resources.memory</c>, in bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>Set: the new <c>resources.artifacts</c>, in bytes.</summary>
    public long? Artifacts { get; init; }

    /// <summary>Set: the new <c>resources.log</c>, in bytes.</summary>
    public long? Log { get; init; }

    /// <summary>Retry: only failed runs with this fingerprint.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Retry: only these runs, by number; <see langword="null"/>: all failed ones.</summary>
    public IReadOnlyList<long>? Runs { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, SteeringJson.Default.SteeringRequest);

    public static SteeringRequest FromJson(string json) => JsonSerializer.Deserialize(json, SteeringJson.Default.SteeringRequest)!;
}

/// <summary>What became of a request, in a sentence.</summary>
internal sealed record SteeringAnswer(bool Accepted, string Message);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(SteeringRequest))]
internal sealed partial class SteeringJson : JsonSerializerContext;

/// <summary>Requests from what the client offers.</summary>
internal static class SteeringRequests
{
    public static SteeringRequest ToRequest(this SweepSettings settings) => new(SteeringKind.Set)
    {
        MaxRuns = settings.MaxRuns,
        MoreRuns = settings.MoreRuns,
        MaxConcurrent = settings.MaxConcurrent,
        Duration = settings.Duration,
        Priority = settings.Priority,
        Timeout = settings.Timeout,
        MaxAttempts = settings.MaxAttempts,
        Backoff = settings.Backoff,
        Memory = settings.Memory,
        Artifacts = settings.Artifacts,
        Log = settings.Log,
    };

    public static SteeringRequest ToRequest(this RetrySelection selection) =>
        new(SteeringKind.Retry) { Fingerprint = selection.Fingerprint, Runs = selection.Runs };
}
