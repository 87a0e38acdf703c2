namespace Orchestrator.SearchSpaces;

/// <summary>
/// A checked search space: nested groups flattened, zips joined into axes, conditions ordered (parents before children, else in
/// file order), excludes and constraints compiled. Immutable and safe for concurrent use.
/// </summary>
public sealed class SearchSpace
{
    private SearchSpace()
    {
    }

    /// <summary>The space of a definition.</summary>
    /// <exception cref="InvalidDefinitionException">The definition has mistakes; all are listed.</exception>
    public static SearchSpace Create(SearchSpaceDefinition definition) =>
        TryCreate(definition, out var problems) ?? throw new InvalidDefinitionException(problems);

    /// <summary>The space of a definition, or <see langword="null"/> and every mistake in it (warnings also come with a space).</summary>
    public static SearchSpace? TryCreate(SearchSpaceDefinition definition, out IReadOnlyList<DefinitionProblem> problems) =>
        throw new NotSupportedException();
}
