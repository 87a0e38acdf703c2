namespace Orchestrator.Text;

/// <summary>The nearest valid name, for messages about an unknown one.</summary>
internal static class Suggestion
{
    /// <summary>How many names are listed: more than a sweep file has keys, so that a person sees all of those.</summary>
    private const int MostListed = 40;

    /// <summary>
    /// The candidate nearest to <paramref name="name"/>, or <see langword="null"/> when none is near enough to be a slip.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        var bestDistance = Math.Max(1, (Math.Min(name.Length, 10) + 2) / 3) + 1;
        foreach (var candidate in candidates)
        {
            var distance = Distance(name, candidate, bestDistance);

            // Whoever writes only the member of a nested group means it, however long the group's name is.
            if (candidate.LastIndexOf('.') is var dot and >= 0)
                distance = Math.Min(distance, Distance(name, candidate[(dot + 1)..], bestDistance) + 1);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    /// <summary>The end of a sentence about an unknown name: the nearest one, else those there are.</summary>
    public static string Hint(string name, IEnumerable<string> candidates)
    {
        var all = candidates.ToArray();
        if (Nearest(name, all) is { } nearest)
            return $"; did you mean '{nearest}'?";
        if (all.Length == 0)
            return "; there are none.";
        var end = all.Length > MostListed ? ", ..." : ".";
        return $"; there {(all.Length == 1 ? "is" : "are")}: {string.Join(", ", all.Take(MostListed))}{end}";
    }

    /// <summary>The distance, letters' case aside; the limit where it is not below: names may be as long as a file.</summary>
    private static int Distance(string a, string b, int limit) =>
        Math.Abs(a.Length - b.Length) >= limit ? limit : Distance(a.ToLowerInvariant(), b.ToLowerInvariant());

    /// <summary>The edit distance (Levenshtein 1966, with neighbours swapped counted as one edit).</summary>
    internal static int Distance(string a, string b)
    {
        var (before, previous, current) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
