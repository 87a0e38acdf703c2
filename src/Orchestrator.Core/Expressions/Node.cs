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

    /// <summary>
    /// As <see cref="Test"/>, in three values (Kleene 1938): <see langword="null"/> where it hangs on a value that there is not. So
    /// neither <c>x &gt; 3</c> nor <c>not x &gt; 3</c> is true without an <c>x</c>.
    /// </summary>
    public virtual bool? Decide(IExpressionValues values) =>
        Evaluate(values) is { Kind: ParameterKind.Boolean } value ? value.AsBoolean() : null;

    /// <summary>Between which numbers its value lies; <see langword="null"/>: nobody can tell, or it is no number.</summary>
    /// <param name="parameters">The same of the parameters, by slot; all have a value.</param>
    public virtual Interval? Bounds(Func<int, Interval?> parameters) => null;

    /// <summary>Whether it is true, or false, whatever the values are between their bounds; <see langword="null"/>: nobody can tell.</summary>
    public virtual bool? Settled(Func<int, Interval?> parameters) => null;

    /// <summary>The parts it is made of.</summary>
    public virtual IReadOnlyList<Node> Parts => [];
}

/// <summary>A part whose value is true or false.</summary>
internal abstract class BooleanNode(int position) : Node(position, ValueTypes.Boolean)
{
    public sealed override ParameterValue Evaluate(IExpressionValues values) => Test(values);

    public abstract override bool Test(IExpressionValues values);

    public abstract override bool? Decide(IExpressionValues values);
}

internal sealed class LiteralNode(int position, ParameterValue value) : Node(position, value.TypeOf())
{
    public ParameterValue Value => value;

    public override ParameterValue Evaluate(IExpressionValues values) => value;

    public override Interval? Bounds(Func<int, Interval?> parameters) => value.IsNumber ? Interval.Of(value.AsDouble(), value.AsDouble()) : null;
}

internal sealed class NameNode(int position, NameBinding binding) : Node(position, binding.Types)
{
    public NameBinding Binding => binding;

    public override ParameterValue Evaluate(IExpressionValues values) =>
        values.TryGet(binding.Slot, out var value) ? value : ParameterValue.Null;

    public override Interval? Bounds(Func<int, Interval?> parameters) => parameters(binding.Slot);
}

internal sealed class ActiveNode(int position, int slot) : BooleanNode(position)
{
    public int Slot => slot;

    public override bool Test(IExpressionValues values) => values.TryGet(slot, out _);

    public override bool? Decide(IExpressionValues values) => Test(values);
}

internal sealed class NotNode(int position, Node operand) : BooleanNode(position)
{
    public override IReadOnlyList<Node> Parts { get; } = [operand];

    public override bool Test(IExpressionValues values) => !operand.Test(values);

    public override bool? Decide(IExpressionValues values) => !operand.Decide(values);

    public override bool? Settled(Func<int, Interval?> parameters) => !operand.Settled(parameters);
}

internal enum Connective
{
    And,
    Or,
    Implies,
}

internal sealed class ConnectiveNode(int position, Connective connective, Node left, Node right) : BooleanNode(position)
{
    public Connective Connective => connective;

    public override IReadOnlyList<Node> Parts { get; } = [left, right];

    public override bool Test(IExpressionValues values) => connective switch
    {
        Connective.And => left.Test(values) && right.Test(values),
        Connective.Or => left.Test(values) || right.Test(values),
        _ => !left.Test(values) || right.Test(values),
    };

    public override bool? Decide(IExpressionValues values) => Combine(values, static (node, values) => node.Decide(values));

    public override bool? Settled(Func<int, Interval?> parameters) => Combine(parameters, static (node, parameters) => node.Settled(parameters));

    private bool? Combine<T>(T given, Func<Node, T, bool?> decide)
    {
        var first = decide(left, given);
        if (connective == Connective.Implies)
            first = !first;
        // One false makes an "and" false and one true makes an "or" true, whatever the other side is.
        var decisive = connective != Connective.And;
        if (first == decisive)
            return decisive;
        var second = decide(right, given);
        return second == decisive ? decisive : first is null ? null : second;
    }
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
    private readonly bool _asksForNull = left is LiteralNode { Value.Kind: ParameterKind.Null } || right is LiteralNode { Value.Kind: ParameterKind.Null };

    public Comparison Comparison => comparison;

    public override IReadOnlyList<Node> Parts { get; } = [left, right];

    public override bool Test(IExpressionValues values) => Compare(left.Evaluate(values), right.Evaluate(values));

    public override bool? Decide(IExpressionValues values)
    {
        var (a, b) = (left.Evaluate(values), right.Evaluate(values));
        return !_asksForNull && (a.Kind == ParameterKind.Null || b.Kind == ParameterKind.Null) ? null : Compare(a, b);
    }

    public override bool? Settled(Func<int, Interval?> parameters)
    {
        if (left.Bounds(parameters) is not { } a || right.Bounds(parameters) is not { } b)
            return null;
        var (below, above) = (a.IsBelow(b), b.IsBelow(a));
        if (!below && !above)
            return null;
        return comparison switch
        {
            Comparison.Equal => false,
            Comparison.NotEqual => true,
            Comparison.Less or Comparison.LessOrEqual => below,
            _ => above,
        };
    }

    private bool Compare(in ParameterValue a, in ParameterValue b)
    {
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

/// <summary>Whether a value is among those of a list: one that is written out, or one that is itself a value.</summary>
internal sealed class InNode(int position, Node operand, Node[] items, Node? list, bool negated) : BooleanNode(position)
{
    public override IReadOnlyList<Node> Parts { get; } = list is null ? [operand, .. items] : [operand, list];

    public override bool Test(IExpressionValues values) => IsAmong(operand.Evaluate(values), values) != negated;

    public override bool? Decide(IExpressionValues values)
    {
        var value = operand.Evaluate(values);
        if (value.Kind == ParameterKind.Null || (list is not null && list.Evaluate(values).Kind == ParameterKind.Null))
            return null;
        return IsAmong(value, values) != negated;
    }

    private bool IsAmong(in ParameterValue value, IExpressionValues values)
    {
        if (list is not null)
        {
            foreach (var item in list.Evaluate(values).Items)
            {
                if (item == value)
                    return true;
            }

            return false;
        }

        foreach (var item in items)
        {
            if (item.Evaluate(values) == value)
                return true;
        }

        return false;
    }
}
