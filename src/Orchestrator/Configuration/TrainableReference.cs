namespace Orchestrator;

/// <summary>A trainable by its registered name, or by type and assembly.</summary>
/// <param name="Name">The registered name, or the full name of the type if <see cref="Assembly"/> is given.</param>
public sealed record TrainableReference(string Name)
{
    /// <summary>The path or name of the assembly that holds the type; <see langword="null"/>: a registered name.</summary>
    public string? Assembly { get; init; }

    /// <summary>A registered name.</summary>
    public static implicit operator TrainableReference(string name) => new(name);
}
