using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class NearestName
{
    private const int LongestName = 64; // beyond this nobody mistyped, somebody pasted

    /// <summary>The candidate nearest to a name, or <see langword="null"/> where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> candidates) =>
        name.Length > LongestName ? null : Suggestion.Nearest(name, candidates);

    /// <summary>What to append to a message on an unknown name: the nearest one, else all there are.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> candidates) =>
        Of(name, candidates) is { } nearest ? $"did you mean '{nearest}'?"
        : candidates.Count == 0 ? "there are none."
        : candidates.Count > 40 ? $"known are: {string.Join(", ", candidates.Take(40))}, ..."
        : $"known are: {string.Join(", ", candidates)}.";
}
