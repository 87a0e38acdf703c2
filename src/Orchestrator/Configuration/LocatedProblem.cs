namespace Orchestrator;

/// <summary>A problem with its place in a file.</summary>
/// <param name="File">The file as it was named.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in characters, from 1.</param>
/// <param name="Problem">The problem.</param>
public sealed record LocatedProblem(string File, int Line, int Column, DefinitionProblem Problem)
{
    /// <summary><c>file(line,column): error SWPnnn: message</c>.</summary>
    public override string ToString() =>
        $"{File}({Line},{Column}): {(Problem.Severity == ProblemSeverity.Error ? "error" : "warning")} {Problem.Code}: {Problem.Message}";
}
