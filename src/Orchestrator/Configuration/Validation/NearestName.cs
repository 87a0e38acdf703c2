namespace Orchestrator.Configuration;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class NearestName
{
    private const int LongestName = 64; // beyond this nobody mistyped, somebody pasted

    /// <summary>The candidate nearest to a name, or <see langword="null"/> where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        if (name.Length > LongestName)
            return null;
        string? nearest = null;
        var best = int.MaxValue;
        foreach (var candidate in candidates.Where(c => c.Length is > 0 and <= LongestName))
        {
            var distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            var isNear = distance <= Math.Max(1, Math.Max(name.Length, candidate.Length) / 3) && distance < Math.Min(name.Length, candidate.Length);
            if ((isNear || (distance == 0)) && distance < best)
                (nearest, best) = (candidate, distance);
        }

        return nearest;
    }

    /// <summary>What to append to a message on an unknown name: the nearest one, else all there are.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> candidates) =>
        Of(name, candidates) is { } nearest ? $"did you mean '{nearest}'?"
        : candidates.Count == 0 ? "there are none."
        : candidates.Count > 40 ? $"known are: {string.Join(", ", candidates.Take(40))}, ..."
        : $"known are: {string.Join(", ", candidates)}.";

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                rows[i, j] = best;
            }
        }

        return rows[a.Length, b.Length];
    }
}
