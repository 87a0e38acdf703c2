namespace Orchestrator.Experiments;

/// <summary>Which ids a person may give to a run: those that are good names of folders everywhere, and are not taken for a run's number.</summary>
internal static class RunIds
{
    private const int Longest = 100;

    /// <exception cref="ArgumentException">It may not be one; the message says the rule.</exception>
    public static void Check(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (id.Length > Longest || id[0] is '.' or '-' || id[^1] == '.' || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') || id.All(char.IsAsciiDigit))
        {
            throw new ArgumentException(
                $"A run's id has at most {Longest} letters, digits and . _ -, does not begin with . or -, does not end with a dot and is not a number; got '{id}'.", nameof(id));
        }
    }
}
