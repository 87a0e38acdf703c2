namespace Orchestrator.Configuration;

/// <summary>A document cannot be read any further; carries the problem and its place.</summary>
internal sealed class DocumentSyntaxException(string code, Place place, string message) : Exception(message)
{
    public string Code { get; } = code;

    public Place Place { get; } = place;
}

/// <summary>What keeps a hostile or broken file from exhausting memory or stack. The same for JSON and YAML.</summary>
internal sealed class DocumentBudget
{
    public const int MaxLevels = 64;
    public const int MaxNodes = 1_000_000;

    private int _nodes;

    /// <summary>Pays for nodes.</summary>
    public void Spend(int nodes, Place place)
    {
        _nodes = (int)Math.Min((long)_nodes + nodes, int.MaxValue);
        if (_nodes > MaxNodes)
            throw new DocumentSyntaxException(
                SweepErrorCodes.TooLarge, place, $"The file holds more than {MaxNodes:N0} values (aliases counted where they are used); write a smaller one.");
    }

    /// <summary>Checks a nesting depth.</summary>
    public static void CheckLevel(int level, Place place)
    {
        if (level > MaxLevels)
            throw new DocumentSyntaxException(
                SweepErrorCodes.TooLarge, place, $"Lists and mappings are nested more than {MaxLevels} deep; flatten them.");
    }
}
