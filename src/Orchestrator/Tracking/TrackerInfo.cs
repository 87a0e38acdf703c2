namespace Orchestrator;

/// <summary>What is known of a tracker before it is made.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="Options">Its options by name, each with its kind and a sentence.</param>
public sealed record TrackerInfo(string Name, IReadOnlyDictionary<string, TrackerOption> Options)
{
    /// <summary>
    /// How long after a sweep's end its trackers of this kind may take to finish, before they are given up. Default: 5 seconds; more for one
    /// that waits for a server.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    internal static TrackerInfo Create(string name, IReadOnlyDictionary<string, TrackerOption>? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new TrackerInfo(name, options ?? new Dictionary<string, TrackerOption>());
    }
}

/// <summary>One option of a tracker.</summary>
/// <param name="Kind">The kind of its value.</param>
/// <param name="Description">What it does, with its default.</param>
public sealed record TrackerOption(ParameterKind Kind, string Description)
{
    /// <summary>The texts it may be; <see langword="null"/>: anything of its kind. Only for an option of kind text.</summary>
    public IReadOnlyList<string>? Choices { get; init; }
}
