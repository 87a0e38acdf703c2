namespace Orchestrator.Storage;

/// <summary>The names that runs have given to things.</summary>
/// <param name="Metrics">What they reported, in the order in which it was first reported here.</param>
/// <param name="Tags">Their tags, by name.</param>
/// <param name="Attributes">Their attributes, by name.</param>
internal sealed record RunVocabulary(IReadOnlyList<string> Metrics, IReadOnlyList<string> Tags, IReadOnlyList<string> Attributes);
