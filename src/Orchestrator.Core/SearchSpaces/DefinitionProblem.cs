namespace Orchestrator;

/// <summary>How bad a <see cref="DefinitionProblem"/> is.</summary>
public enum ProblemSeverity
{
    /// <summary>Worth knowing; the sweep runs.</summary>
    Warning,

    /// <summary>The sweep cannot run.</summary>
    Error,
}

/// <summary>One mistake in the definition of a sweep.</summary>
/// <param name="Code"><c>SWP</c> and three digits; listed in <c>docs/errors.md</c>.</param>
/// <param name="Path">Where: a JSON pointer into the sweep file, such as <c>/parameters/learningRate/min</c>.</param>
/// <param name="Message">What is wrong, what was expected, what to do; without the place.</param>
/// <param name="Severity">Whether it stops the sweep.</param>
public sealed record DefinitionProblem(string Code, string Path, string Message, ProblemSeverity Severity = ProblemSeverity.Error)
{
    /// <summary>The path and the message.</summary>
    public override string ToString() =>
        $"{(Path.Length == 0 ? "/" : Path)}: {(Severity == ProblemSeverity.Error ? "error" : "warning")} {Code}: {Message}";
}
