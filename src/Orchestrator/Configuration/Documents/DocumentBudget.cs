namespace Orchestrator.Configuration;

/// <summary>What keeps a hostile or broken file from exhausting memory, time or stack. The same for JSON and YAML.</summary>
internal sealed class DocumentBudget
{
    public const int MaxLevels = 64;
    public const int MaxNodes = 1_000_000;
    public const int MaxAliasedNodes = 10_000;

    private int _nodes;
    private int _aliasedNodes;

    /// <summary>Pays for a node that stands in the file.</summary>
    public void Spend(Place place)
    {
        if (++_nodes > MaxNodes)
            throw TooLarge(place, FormattableString.Invariant($"The file holds more than {MaxNodes:N0} values; write a smaller one."));
    }

    /// <summary>Pays for the nodes that an alias repeats, before they are copied.</summary>
    public void SpendOnAlias(int nodes, Place place)
    {
        _aliasedNodes = (int)Math.Min((long)_aliasedNodes + nodes, int.MaxValue);
        if (_aliasedNodes > MaxAliasedNodes)
            throw TooLarge(place, FormattableString.Invariant($"The aliases of the file stand for more than {MaxAliasedNodes:N0} values; use fewer."));
    }

    /// <summary>Checks a nesting depth.</summary>
    public static void CheckLevel(int level, Place place)
    {
        if (level > MaxLevels)
            throw TooLarge(place, $"Lists and mappings are nested more than {MaxLevels} deep; flatten them.");
    }

    private static DocumentSyntaxException TooLarge(Place place, string message) => new(SweepErrorCodes.TooLarge, place, message);
}
