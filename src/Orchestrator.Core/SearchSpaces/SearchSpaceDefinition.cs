namespace Orchestrator.SearchSpaces;

/// <summary>Everything that shapes a search space, as it stands in a sweep file; input of <see cref="SearchSpace.Create"/>.</summary>
public sealed class SearchSpaceDefinition
{
    /// <summary>The parameters, in order.</summary>
    public ParameterCollection Parameters { get; init; } = [];

    /// <summary>Groups of parameters that are walked in step instead of crossed.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Zip { get; init; } = [];

    /// <summary>
    /// Partial assignments to leave out: every assignment that agrees in all named parameters. A list as a value means any of its
    /// items. An inactive parameter never agrees.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, ParameterValue>> Exclude { get; init; } = [];

    /// <summary>Boolean expressions that every assignment must satisfy; one that names an inactive parameter is not applied.</summary>
    public IReadOnlyList<string> Constraints { get; init; } = [];
}
