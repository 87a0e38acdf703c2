namespace Orchestrator.Configuration;

/// <summary>What a sweep file may name: the trainables and trackers that are registered. Read by the validator.</summary>
public interface ISweepCatalog
{
    /// <summary>The registered trainables.</summary>
    IReadOnlyCollection<TrainableInfo> Trainables { get; }

    /// <summary>The registered trackers.</summary>
    IReadOnlyCollection<TrackerInfo> Trackers { get; }
}

/// <summary>What is known of a trainable before it runs.</summary>
/// <param name="Name">The registered name.</param>
public sealed record TrainableInfo(string Name)
{
    /// <summary>One sentence on what it does.</summary>
    public string? Description { get; init; }

    /// <summary>The parameters it reads; <see langword="null"/>: not declared, any is accepted.</summary>
    public IReadOnlyList<string>? Parameters { get; init; }

    /// <summary>The metrics it reports; <see langword="null"/>: not declared, any is accepted.</summary>
    public IReadOnlyList<string>? Metrics { get; init; }
}

/// <summary>What is known of a tracker before it is made.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="Options">Its options by name, each with its kind and a sentence.</param>
public sealed record TrackerInfo(string Name, IReadOnlyDictionary<string, TrackerOption> Options);

/// <summary>One option of a tracker.</summary>
/// <param name="Kind">The kind of its value.</param>
/// <param name="Description">What it does, with its default.</param>
public sealed record TrackerOption(ParameterKind Kind, string Description)
{
    /// <summary>The texts it may be; <see langword="null"/>: anything of its kind. Only for an option of kind text.</summary>
    public IReadOnlyList<string>? Choices { get; init; }
}
