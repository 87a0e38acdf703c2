namespace Orchestrator.Execution;

/// <summary>What one attempt may put on the disk.</summary>
/// <param name="Artifacts">Bytes that it may add as artifacts; <see langword="null"/>: as many as there is room for.</param>
/// <param name="Log">Bytes that it may write to its log.</param>
internal sealed record StorageCaps(long? Artifacts = null, long Log = RunResources.DefaultLog)
{
    public static StorageCaps None { get; } = new();

    /// <summary>Where a person raises the cap of artifacts.</summary>
    public string ArtifactsKey { get; init; } = "'resources.artifacts' of its sweep";
}
