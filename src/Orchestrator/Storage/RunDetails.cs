namespace Orchestrator;

/// <summary>What is kept with a run beside its record.</summary>
public sealed record RunDetails
{
    /// <summary>What the values of each metric come to, by name.</summary>
    public IReadOnlyDictionary<string, MetricSummary> Metrics { get; init; } = new Dictionary<string, MetricSummary>();

    /// <summary>The files that are kept with the run, by name.</summary>
    public IReadOnlyList<ArtifactNote> Artifacts { get; init; } = [];

    /// <summary>The tasks of the last attempt, in the order in which they began.</summary>
    public IReadOnlyList<TaskNote> Tasks { get; init; } = [];

    /// <summary>
    /// What made the result of the last attempt, as JSON: <c>commit, branch, dirty, program, programVersion, orchestratorVersion, framework,
    /// os, architecture, host, processors, memoryBytes, devices</c>. <see langword="null"/> for runs of earlier versions.
    /// </summary>
    public string? Environment { get; init; }
}
