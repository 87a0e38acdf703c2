namespace Orchestrator.SearchSpaces;

/// <summary>Collects the mistakes of a definition.</summary>
internal sealed class ProblemList
{
    private readonly List<DefinitionProblem> _problems = [];

    public IReadOnlyList<DefinitionProblem> All => _problems;

    public bool HasErrors => _problems.Any(p => p.Severity == ProblemSeverity.Error);

    public void Error(string code, string path, string message) => _problems.Add(new(code, path, message));

    public void Warning(string code, string path, string message) => _problems.Add(new(code, path, message, ProblemSeverity.Warning));
}
