namespace Orchestrator;

/// <summary>
/// A sweep that gives the same runs and the same results whatever the timing: with one worker or eight, with kills and resumes in between. What
/// results decide (a sampler with history, the target, the circuit breaker) they decide in the order of the runs, each decision after a fixed
/// number of assignments.
/// </summary>
public sealed record Reproducibility
{
    /// <summary>The default of <see cref="Lag"/>.</summary>
    public const int DefaultLag = 8;

    /// <summary>
    /// How many assignments a decision does not look back on: assignment n is chosen, and whether it is run at all, by the results of those before
    /// n - lag. So lag + 1 assignments can be executed at once, however many workers there are, where results decide anything. 0 to 10,000.
    /// Default: 8.
    /// </summary>
    public int Lag { get; init; } = DefaultLag;

    /// <summary><see langword="true"/> is all defaults, <see langword="false"/> is none.</summary>
    public static implicit operator Reproducibility?(bool isReproducible) => isReproducible ? new() : null;
}
