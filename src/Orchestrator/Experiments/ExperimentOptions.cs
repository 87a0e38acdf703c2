namespace Orchestrator;

/// <summary>What an experiment is beside its configuration.</summary>
public sealed class ExperimentOptions
{
    /// <summary>Its name, unique among the living experiments of the process. Default: the name of its type, or of its configuration's.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The folder in which everything is kept, relative to the current one. Default: <c>.orchestrator</c>, or what the environment
    /// (<c>ORCHESTRATOR_HOME</c>) or appsettings.json says. Not with a host's services: there it is the host's.
    /// </summary>
    public string? Home { get; set; }

    /// <summary>The project of its runs. Default: the configured one, else <c>Default</c>.</summary>
    public string? Project { get; set; }

    /// <summary>Free text.</summary>
    public string? Description { get; set; }

    /// <summary>The metric by which its runs are compared. Default: none.</summary>
    public Metric? Metric { get; set; }

    /// <summary>
    /// Bytes that one attempt at a run may add as artifacts, above 0; more is an <see cref="ArtifactLimitException"/>. Default: as many as there is room for.
    /// </summary>
    public long? MaxArtifactBytes { get; set; }

    /// <summary>Bytes that one attempt at a run may write to <c>run.log</c>, above 0; what goes beyond is dropped, and the log says so. Default: 10 MiB.</summary>
    public long MaxLogBytes { get; set; } = RunResources.DefaultLog;

    /// <summary>Labels of the experiment, which each of its runs gets, too. Default: none.</summary>
    public IList<string> Tags { get; init; } = [];

    /// <summary>Named values of the experiment, which each of its runs gets, too. Default: none.</summary>
    public IDictionary<string, ParameterValue> Attributes { get; init; } = new Dictionary<string, ParameterValue>();
}

/// <summary>How one run of an experiment is begun.</summary>
public sealed class RunOptions
{
    /// <summary>
    /// The run's id, unique in the home: letters, digits, <c>. _ -</c>, at most 100 of them, not only digits. Default: the time, to the
    /// microsecond.
    /// </summary>
    public string? Id { get; set; }

    /// <summary>The run's name, which need not be unique. Default: two words and a number.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// Whether to go on with the run <see cref="Id"/>, or, if that is not set, with the last run of this experiment. If there is none, that
    /// is a warning and a new run. Default: no.
    /// </summary>
    public bool Resume { get; set; }

    /// <summary>The seed of a new run; a resumed one keeps its own. Default: 0.</summary>
    public long Seed { get; set; }

    /// <summary>The run's project. Default: the experiment's.</summary>
    public string? Project { get; set; }

    /// <summary>The device that the run is recorded with. Default: <c>cpu</c>.</summary>
    public string Device { get; set; } = "cpu";

    /// <summary>Labels beside the experiment's. Default: none.</summary>
    public IList<string> Tags { get; init; } = [];

    /// <summary>Named values beside the experiment's. Default: none.</summary>
    public IDictionary<string, ParameterValue> Attributes { get; init; } = new Dictionary<string, ParameterValue>();

    /// <summary>Parameters on top of the configuration. Default: none.</summary>
    public IDictionary<string, ParameterValue> Parameters { get; init; } = new Dictionary<string, ParameterValue>();
}
