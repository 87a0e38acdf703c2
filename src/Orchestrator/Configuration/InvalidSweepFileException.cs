namespace Orchestrator;

/// <summary>A sweep file that cannot run, with every mistake in its place.</summary>
public sealed class InvalidSweepFileException : InvalidDefinitionException
{
    /// <summary>An exception of these problems.</summary>
    public InvalidSweepFileException(IReadOnlyList<LocatedProblem> problems)
        : base([.. problems.Select(p => p.Problem)], string.Join(Environment.NewLine, problems)) => Located = problems;

    /// <summary>All mistakes with their places, warnings among them.</summary>
    public IReadOnlyList<LocatedProblem> Located { get; }
}
