using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>Gathers the problems of one file and puts them in order of place.</summary>
internal sealed class ProblemCollector
{
    private readonly List<LocatedProblem> _problems = [];
    private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wrongOrAbove = new(StringComparer.Ordinal);

    public bool HasErrors { get; private set; }

    public void Error(string code, string path, Place place, string message) =>
        Add(new DefinitionProblem(code, path, message), place);

    public void Add(DefinitionProblem problem, Place place)
    {
        _problems.Add(new LocatedProblem(place.File, place.Line, place.Column, problem));
        if (problem.Severity != ProblemSeverity.Error)
            return;
        HasErrors = true;
        Touch(problem.Path);
    }

    /// <summary>Notes that a path is in doubt, so that nothing else is said about it.</summary>
    public void Touch(string path)
    {
        _wrong.Add(path);
        _wrongOrAbove.Add(path);
        _wrongOrAbove.UnionWith(JsonPointer.Ancestors(path));
    }

    /// <summary>Whether nothing at or below a path is wrong.</summary>
    public bool IsSound(string path) => !_wrongOrAbove.Contains(path);

    /// <summary>Whether a path itself is wrong or in doubt, whatever is below it.</summary>
    public bool IsWrong(string path) => _wrong.Contains(path);

    /// <summary>
    /// Whether something at, below or above a path is wrong already: what is said about it then would only be a consequence.
    /// </summary>
    public bool IsInDoubt(string path) => _wrongOrAbove.Contains(path) || JsonPointer.Ancestors(path).Any(_wrong.Contains);

    /// <summary>All problems, by file (in the given order), line and column; each once.</summary>
    public IReadOnlyList<LocatedProblem> InOrder(IEnumerable<string> files)
    {
        var ranks = files.Distinct().Index().ToDictionary(f => f.Item, f => f.Index);
        return [.. _problems.Distinct().OrderBy(p => ranks.GetValueOrDefault(p.File)).ThenBy(p => p.Line).ThenBy(p => p.Column)];
    }
}
