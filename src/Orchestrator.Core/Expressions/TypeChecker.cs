namespace Orchestrator.Expressions;

/// <summary>Reports parts of an expression whose kinds can never fit together.</summary>
internal sealed class TypeChecker
{
    public List<ExpressionProblem> Problems { get; } = [];

    /// <summary>The node; reported when it can never be of the wanted kind.</summary>
    public Node Require(Node node, ValueTypes wanted, string by)
    {
        if ((node.Types & wanted) == ValueTypes.None)
        {
            Problems.Add(new(ExpressionProblemKind.Type, node.Position,
                $"{by} takes {wanted.Describe()}, and this is {node.Types.Describe()}."));
        }

        return node;
    }

    /// <summary>Reports a comparison that can never be true. Anything may be compared with null for equality.</summary>
    public void CheckComparable(Token token, Node left, Node right, bool ordered)
    {
        var common = left.Types & right.Types;
        var hasNull = !ordered && ((left.Types | right.Types) & ValueTypes.Null) != ValueTypes.None;
        if (hasNull || (ordered ? common & (ValueTypes.Number | ValueTypes.Text) : common) != ValueTypes.None)
            return;
        Problems.Add(new(ExpressionProblemKind.Type, token.Position, common == ValueTypes.None
            ? $"'{token.Text}' compares {left.Types.Describe()} with {right.Types.Describe()}, which never agree."
            : $"'{token.Text}' orders numbers or texts, and this is {common.Describe()}."));
    }
}
