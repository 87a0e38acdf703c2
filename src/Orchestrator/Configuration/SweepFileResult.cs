namespace Orchestrator.Configuration;

/// <summary>What came of reading a sweep file.</summary>
/// <param name="File">The file as it was named.</param>
/// <param name="Definition">The sweep; <see langword="null"/> if there is an error.</param>
/// <param name="Problems">Every error and warning, by place.</param>
internal sealed record SweepFileResult(string File, SweepDefinition? Definition, IReadOnlyList<LocatedProblem> Problems)
{
    /// <summary>The file's tree, for the places of problems that are found later.</summary>
    public DocumentNode? Root { get; init; }

    /// <summary>A problem of the definition, with its place in the file.</summary>
    public LocatedProblem Locate(DefinitionProblem problem)
    {
        var place = Root is null ? new Place(File, 1, 1) : DocumentPlaces.Find(Root, problem.Path).Place;
        return new LocatedProblem(place.File, place.Line, place.Column, problem);
    }

    /// <summary>Whether the sweep cannot run.</summary>
    public bool HasErrors => Definition is null;
}
