namespace Orchestrator.Configuration;

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

    /// <summary>Where its runs are executed if the sweep does not say (<see cref="IsolationAttribute"/>).</summary>
    public RunIsolation Isolation { get; init; }
}
