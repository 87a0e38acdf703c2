using Orchestrator.Text;

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

    /// <summary>The node as the name beside it reads it; reported where it cannot.</summary>
    public Node Beside(Node node, Node name)
    {
        if (name is not NameNode { Binding.Reader: { } reader } || node is not LiteralNode { Value: { Kind: ParameterKind.Text } text })
            return node;
        if (reader.Read(text.AsText()) is { } value)
            return new LiteralNode(node.Position, value);
        Problems.Add(new(ExpressionProblemKind.Type, node.Position, $"'{text.AsText()}' {reader.Otherwise}"));
        return node;
    }

    /// <summary>Reports a comparison that can never be true. Anything may be compared with null for equality.</summary>
    public void CheckComparable(Token token, Node left, Node right, bool ordered)
    {
        if (!ordered)
        {
            CheckWord(left, right);
            CheckWord(right, left);
        }

        var common = left.Types & right.Types;
        var hasNull = !ordered && ((left.Types | right.Types) & ValueTypes.Null) != ValueTypes.None;
        if (hasNull || (ordered ? common & (ValueTypes.Number | ValueTypes.Text) : common) != ValueTypes.None)
            return;
        Problems.Add(new(ExpressionProblemKind.Type, token.Position, common == ValueTypes.None
            ? $"'{token.Text}' compares {left.Types.Describe()} with {right.Types.Describe()}, which never agree."
            : $"'{token.Text}' orders numbers or texts, and this is {common.Describe()}."));
    }

    /// <summary>Reports a word that a name of few words never has: it would match nothing without a sound.</summary>
    private void CheckWord(Node name, Node literal)
    {
        if (name is not NameNode { Binding.Words: { } words }
            || literal is not LiteralNode { Value: { Kind: ParameterKind.Text } value }
            || words.Contains(value.AsText(), StringComparer.Ordinal))
        {
            return;
        }

        Problems.Add(new(ExpressionProblemKind.UnknownName, literal.Position,
            $"'{value.AsText()}' is none of its values{Suggestion.Hint(value.AsText(), words)}"));
    }
}
