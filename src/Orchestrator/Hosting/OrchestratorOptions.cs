using Orchestrator.Storage;

namespace Orchestrator;

/// <summary>The settings in section <c>Orchestrator</c> of appsettings.json; each is also an environment variable (<c>Orchestrator__Home</c>).</summary>
public sealed class OrchestratorOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Orchestrator";

    /// <summary>Where everything is kept, relative to the current folder. Default: <c>.orchestrator</c>.</summary>
    public string Home { get; set; } = ".orchestrator";

    /// <summary>The project of sweeps that name none. Default: <c>Default</c>.</summary>
    public string Project { get; set; } = "Default";

    /// <summary>How many runs are executed at once; at least 1. Default: the processors divided by a run's <c>cpus</c>.</summary>
    public int? Workers { get; set; }

    /// <summary>The trackers of sweeps that name none. Default: none.</summary>
    public IList<string> Trackers { get; init; } = [];

    /// <summary>
    /// Whether a host, when it starts, goes on with the sweeps that were submitted to an earlier life of it and did not end. Default: yes.
    /// </summary>
    public bool ResumeOnStart { get; set; } = true;

    /// <summary>How results are kept.</summary>
    public StorageOptions Storage { get; init; } = new();
}

/// <summary>How results are kept.</summary>
public sealed class StorageOptions
{
    /// <summary>What a result that somebody was told about outlives. Default: the kill of any process.</summary>
    public StorageDurability Durability { get; set; } = StorageDurability.Process;
}
