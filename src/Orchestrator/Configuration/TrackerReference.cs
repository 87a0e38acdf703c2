namespace Orchestrator;

/// <summary>A tracker by name, with its options.</summary>
/// <param name="Type">The tracker's registered name.</param>
public sealed record TrackerReference(string Type)
{
    /// <summary>The tracker's options by name.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Options { get; init; } = new Dictionary<string, ParameterValue>();

    /// <summary>A tracker without options.</summary>
    public static implicit operator TrackerReference(string type) => new(type);
}
