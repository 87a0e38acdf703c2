namespace Orchestrator;

/// <summary>A sweep that cannot run, with every mistake in its definition.</summary>
public class InvalidDefinitionException : Exception
{
    /// <summary>An exception of these problems.</summary>
    public InvalidDefinitionException(IReadOnlyList<DefinitionProblem> problems)
        : base("The sweep is invalid:" + string.Concat(problems.Select(p => Environment.NewLine + "  " + p))) => Problems = problems;

    /// <summary>An exception of these problems, said in other words.</summary>
    protected InvalidDefinitionException(IReadOnlyList<DefinitionProblem> problems, string message)
        : base(message) => Problems = problems;

    /// <summary>All mistakes, warnings among them.</summary>
    public IReadOnlyList<DefinitionProblem> Problems { get; }
}
