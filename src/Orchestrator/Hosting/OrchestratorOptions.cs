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

    /// <summary>
    /// The GPUs of the pool <c>default</c>: <c>all</c>, <c>none</c>, a list such as <c>0,1</c>, or pretended ones such as <c>4x80GiB</c>.
    /// Default: all that no other pool has.
    /// </summary>
    public string? Gpus { get; set; }

    /// <summary>Pools by name: what runs that name them are executed on.</summary>
    public IDictionary<string, PoolOptions> Pools { get; init; } = new Dictionary<string, PoolOptions>();

    /// <summary>The trackers of sweeps that name none. Default: none.</summary>
    public IList<string> Trackers { get; init; } = [];

    /// <summary>
    /// Whether a host, when it starts, goes on with the sweeps that were submitted to an earlier life of it and did not end. Default: yes.
    /// </summary>
    public bool ResumeOnStart { get; set; } = true;

    /// <summary>How results are kept.</summary>
    public StorageOptions Storage { get; init; } = new();
}

/// <summary>What belongs to a pool.</summary>
public sealed class PoolOptions
{
    /// <summary>
    /// Its GPUs: <c>all</c> that no other pool names, <c>none</c>, a list such as <c>0,1</c> (numbers as this process counts them, or the
    /// beginnings of UUIDs), or pretended ones such as <c>4x80GiB</c>; at most 64. Default: none.
    /// </summary>
    public string? Gpus { get; set; }

    /// <summary>
    /// Its processors, at least 1; then never more are given to runs, whatever <c>--workers</c> says. Default: those of the machine that no
    /// pool claims, shared with the other pools.
    /// </summary>
    public int? Cpus { get; set; }

    /// <summary>Its memory, such as <c>64GiB</c>. Default: that of the machine which no pool claims, shared with the other pools.</summary>
    public string? Memory { get; set; }
}

/// <summary>How results are kept.</summary>
public sealed class StorageOptions
{
    /// <summary>What a result that somebody was told about outlives. Default: the kill of any process.</summary>
    public StorageDurability Durability { get; set; } = StorageDurability.Process;
}
