namespace Orchestrator.Expressions;

/// <summary>What sort of mistake an expression has.</summary>
internal enum ExpressionProblemKind
{
    Syntax,
    UnknownName,
    Type,
}

/// <summary>A mistake in an expression.</summary>
/// <param name="Kind">What sort of mistake.</param>
/// <param name="Position">Where, 0-based.</param>
/// <param name="Message">What is wrong and what was expected.</param>
internal sealed record ExpressionProblem(ExpressionProblemKind Kind, int Position, string Message)
{
    public override string ToString() => $"at character {Position + 1}: {Message}";
}
