namespace Orchestrator;

/// <summary>What a committed result outlives.</summary>
public enum StorageDurability
{
    /// <summary>The kill of any process (the default). A power cut may lose the last moments, never the database.</summary>
    Process,

    /// <summary>A power cut too: every group commit is synced to the disk.</summary>
    Power,
}
