using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>The end of a message about an unknown name.</summary>
internal static class NearestName
{
    private const int MostListed = 40; // more than there are keys: a person sees them all

    /// <summary>The candidate nearest to a name, or <see langword="null"/> where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> candidates) => Suggestion.Nearest(name, candidates);

    /// <summary>The nearest name, else all there are.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> candidates) =>
        Of(name, candidates) is { } nearest ? $"did you mean '{nearest}'?"
        : candidates.Count == 0 ? "there are none."
        : $"known are: {string.Join(", ", candidates.Take(MostListed))}{(candidates.Count > MostListed ? ", ..." : ".")}";
}
