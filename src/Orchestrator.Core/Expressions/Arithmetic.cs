namespace Orchestrator.Expressions;

internal enum ArithmeticOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

/// <summary>
/// Arithmetic as Python does it: integers stay integers while they fit 64 bits, <c>/</c> always gives a float, <c>%</c> takes
/// the sign of the divisor.
/// </summary>
internal sealed class ArithmeticNode(int position, ArithmeticOperator operation, Node left, Node right)
    : Node(position, ValueTypes.Number)
{
    public override ParameterValue Evaluate(IExpressionValues values) =>
        Apply(operation, left.Evaluate(values), right.Evaluate(values));

    public override Interval? Bounds(Func<int, Interval?> parameters)
    {
        if (left.Bounds(parameters) is not { } a || right.Bounds(parameters) is not { } b)
            return null;
        return operation switch
        {
            ArithmeticOperator.Add => a + b,
            ArithmeticOperator.Subtract => a - b,
            ArithmeticOperator.Multiply => a * b,
            ArithmeticOperator.Divide => a / b,
            _ => null,
        };
    }

    internal static ParameterValue Apply(ArithmeticOperator operation, ParameterValue left, ParameterValue right)
    {
        if (!left.IsNumber || !right.IsNumber)
            return ParameterValue.Null;
        if (left.Kind == ParameterKind.Integer && right.Kind == ParameterKind.Integer
            && TryExact(operation, left.AsInt64(), right.AsInt64(), out var exact))
        {
            return exact;
        }

        var (a, b) = (left.AsDouble(), right.AsDouble());
        return operation switch
        {
            ArithmeticOperator.Add => a + b,
            ArithmeticOperator.Subtract => a - b,
            ArithmeticOperator.Multiply => a * b,
            ArithmeticOperator.Divide => a / b,
            ArithmeticOperator.Remainder => a - (b * Math.Floor(a / b)),
            _ => Math.Pow(a, b),
        };
    }

    private static bool TryExact(ArithmeticOperator operation, long a, long b, out long result)
    {
        Int128 wide;
        switch (operation)
        {
            case ArithmeticOperator.Add: wide = (Int128)a + b; break;
            case ArithmeticOperator.Subtract: wide = (Int128)a - b; break;
            case ArithmeticOperator.Multiply: wide = (Int128)a * b; break;
            case ArithmeticOperator.Remainder when b != 0: wide = (((Int128)a % b) + b) % b; break;
            case ArithmeticOperator.Power when b >= 0: return TryPower(a, b, out result);
            default: result = 0; return false;
        }

        result = unchecked((long)wide);
        return result == wide;
    }

    private static bool TryPower(long a, long b, out long result)
    {
        result = 1;
        if (a is 0 or 1 or -1)
        {
            result = b == 0 ? 1 : a == -1 && b % 2 == 0 ? 1 : a;
            return true;
        }

        for (Int128 wide = 1; b > 0; b--)
        {
            wide *= a;
            if (wide > long.MaxValue || wide < long.MinValue)
                return false;
            result = (long)wide;
        }

        return true;
    }
}

internal sealed class NegationNode(int position, Node operand) : Node(position, ValueTypes.Number)
{
    public override ParameterValue Evaluate(IExpressionValues values)
    {
        var value = operand.Evaluate(values);
        return value.Kind == ParameterKind.Float
            ? -value.AsDouble()
            : ArithmeticNode.Apply(ArithmeticOperator.Subtract, 0, value);
    }

    public override Interval? Bounds(Func<int, Interval?> parameters) => operand.Bounds(parameters) is { } value ? new Interval(-value.High, -value.Low) : null;
}
