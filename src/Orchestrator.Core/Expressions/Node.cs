namespace Orchestrator.Expressions;

/// <summary>A part of a checked expression. Immutable; evaluation allocates nothing.</summary>
internal abstract class Node(int position, ValueTypes types)
{
    /// <summary>Where it stands in the text, 0-based.</summary>
    public int Position { get; } = position;

    /// <summary>The kinds of value it may have.</summary>
    public ValueTypes Types { get; } = types;

    /// <summary>Its value. What is not defined (the logarithm of a text) is null.</summary>
    public abstract ParameterValue Evaluate(IExpressionValues values);

    /// <summary>Whether its value is true; everything else counts as false.</summary>
    public virtual bool Test(IExpressionValues values) => Evaluate(values) is { Kind: ParameterKind.Boolean } value && value.AsBoolean();
}

/// <summary>A part whose value is true or false.</summary>
internal abstract class BooleanNode(int position) : Node(position, ValueTypes.Boolean)
{
    public sealed override ParameterValue Evaluate(IExpressionValues values) => Test(values);

    public abstract override bool Test(IExpressionValues values);
}

internal sealed class LiteralNode(int position, ParameterValue value) : Node(position, value.TypeOf())
{
    public override ParameterValue Evaluate(IExpressionValues values) => value;
}

internal sealed class NameNode(int position, NameBinding binding) : Node(position, binding.Types)
{
    public override ParameterValue Evaluate(IExpressionValues values) =>
        values.TryGet(binding.Slot, out var value) ? value : ParameterValue.Null;
}

internal sealed class ActiveNode(int position, int slot) : BooleanNode(position)
{
    public override bool Test(IExpressionValues values) => values.TryGet(slot, out _);
}

internal sealed class NotNode(int position, Node operand) : BooleanNode(position)
{
    public override bool Test(IExpressionValues values) => !operand.Test(values);
}

internal enum Connective
{
    And,
    Or,
    Implies,
}

internal sealed class ConnectiveNode(int position, Connective connective, Node left, Node right) : BooleanNode(position)
{
    public override bool Test(IExpressionValues values) => connective switch
    {
        Connective.And => left.Test(values) && right.Test(values),
        Connective.Or => left.Test(values) || right.Test(values),
        _ => !left.Test(values) || right.Test(values),
    };
}

internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

internal sealed class ComparisonNode(int position, Comparison comparison, Node left, Node right) : BooleanNode(position)
{
    public override bool Test(IExpressionValues values)
    {
        var (a, b) = (left.Evaluate(values), right.Evaluate(values));
        if (comparison == Comparison.Equal)
            return a == b;
        if (comparison == Comparison.NotEqual)
            return a != b;
        if (a.Kind == ParameterKind.Text && b.Kind == ParameterKind.Text)
            return Holds(string.CompareOrdinal(a.AsText(), b.AsText()));
        if (a.Kind == ParameterKind.Integer && b.Kind == ParameterKind.Integer)
            return Holds(a.AsInt64().CompareTo(b.AsInt64()));
        if (!a.IsNumber || !b.IsNumber)
            return false; // an order between values of different kinds does not exist
        var (x, y) = (a.AsDouble(), b.AsDouble());
        return !double.IsNaN(x) && !double.IsNaN(y) && Holds(x.CompareTo(y));
    }

    private bool Holds(int order) => comparison switch
    {
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };
}

internal sealed class InNode(int position, Node operand, Node[] items, bool negated) : BooleanNode(position)
{
    public override bool Test(IExpressionValues values)
    {
        var value = operand.Evaluate(values);
        foreach (var item in items)
        {
            if (item.Evaluate(values) == value)
                return !negated;
        }

        return negated;
    }
}
