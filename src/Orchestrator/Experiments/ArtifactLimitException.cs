namespace Orchestrator;

/// <summary>
/// An artifact does not fit under the cap of its run (<c>resources.artifacts</c>, or <see cref="ExperimentOptions.MaxArtifactBytes"/>). Nothing of it
/// is kept; what was added before stays. A run that lets it out has failed as <see cref="FailureKind.ResourceLimit"/>.
/// </summary>
public sealed class ArtifactLimitException : IOException
{
    internal ArtifactLimitException(string message, string artifact, long limit)
        : base(message) => (Artifact, Limit) = (artifact, limit);

    /// <summary>The name of the artifact.</summary>
    public string Artifact { get; }

    /// <summary>The cap in bytes.</summary>
    public long Limit { get; }
}
