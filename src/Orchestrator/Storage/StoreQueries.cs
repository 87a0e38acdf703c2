namespace Orchestrator.Storage;

/// <summary>Which sweeps to list. What is <see langword="null"/> does not restrict.</summary>
internal sealed record SweepQuery
{
    public string? Project { get; init; }
    public string? Identity { get; init; }
    public ExperimentKind? Kind { get; init; }

    /// <summary>Only sweeps that can be resumed (or are being executed).</summary>
    public bool Unfinished { get; init; }

    /// <summary>Only sweeps in these states; empty: all.</summary>
    public IReadOnlyList<SweepState> States { get; init; } = [];

    /// <summary>Only sweeps whose name or id contains this text, in either case of ASCII letters.</summary>
    public string? Search { get; init; }
    public int? Limit { get; init; }
}

/// <summary>The order of runs.</summary>
internal enum RunOrder
{
    Number,
    Objective,
    Started,
    Ended,
    Duration,
}

/// <summary>Which runs to read.</summary>
internal sealed record RunQuery
{
    public required string Sweep { get; init; }

    /// <summary>Only these states; empty: all.</summary>
    public IReadOnlyList<RunState> States { get; init; } = [];

    /// <summary>Only runs with at least this number.</summary>
    public long FirstNumber { get; init; }

    /// <summary>Only runs with a smaller number.</summary>
    public long? EndNumber { get; init; }
    public RunOrder Order { get; init; }
    public bool Descending { get; init; }

    /// <summary>How many of the first runs to leave out.</summary>
    public long Skip { get; init; }
    public int? Limit { get; init; }
}

/// <summary>The names that runs have given to things.</summary>
/// <param name="Metrics">What they reported, in the order in which it was first reported here.</param>
/// <param name="Tags">Their tags, by name.</param>
/// <param name="Attributes">Their attributes, by name.</param>
internal sealed record RunVocabulary(IReadOnlyList<string> Metrics, IReadOnlyList<string> Tags, IReadOnlyList<string> Attributes);
