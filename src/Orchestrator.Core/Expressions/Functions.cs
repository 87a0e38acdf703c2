namespace Orchestrator.Expressions;

/// <summary>A function over numbers.</summary>
/// <param name="Name">How it is called.</param>
/// <param name="MinArguments">The fewest arguments it takes.</param>
/// <param name="MaxArguments">The most arguments it takes.</param>
/// <param name="Apply">Its value for one argument, or the combination of the value so far with the next argument.</param>
internal sealed record NumberFunction(
    string Name, int MinArguments, int MaxArguments, Func<ParameterValue, ParameterValue, ParameterValue> Apply)
{
    private static readonly Dictionary<string, NumberFunction> All = new NumberFunction[]
    {
        new("min", 2, int.MaxValue, (a, b) => IsLess(b, a) ? b : a),
        new("max", 2, int.MaxValue, (a, b) => IsLess(a, b) ? b : a),
        new("pow", 2, 2, (a, b) => ArithmeticNode.Apply(ArithmeticOperator.Power, a, b)),
        new("abs", 1, 1, (a, _) => a.Kind == ParameterKind.Integer && a.AsInt64() != long.MinValue
            ? (ParameterValue)Math.Abs(a.AsInt64())
            : Math.Abs(a.AsDouble())),
        new("log", 1, 1, (a, _) => Math.Log(a.AsDouble())),
        new("log2", 1, 1, (a, _) => Math.Log2(a.AsDouble())),
        new("log10", 1, 1, (a, _) => Math.Log10(a.AsDouble())),
        new("exp", 1, 1, (a, _) => Math.Exp(a.AsDouble())),
        new("sqrt", 1, 1, (a, _) => Math.Sqrt(a.AsDouble())),
        new("floor", 1, 1, (a, _) => Whole(a, Math.Floor)),
        new("ceil", 1, 1, (a, _) => Whole(a, Math.Ceiling)),
        new("round", 1, 1, (a, _) => Whole(a, Math.Round)),
    }.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The names of all functions.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>The function of that name, if there is one.</summary>
    public static NumberFunction? Find(string name) => All.GetValueOrDefault(name);

    private static bool IsLess(ParameterValue a, ParameterValue b) =>
        a.Kind == ParameterKind.Integer && b.Kind == ParameterKind.Integer
            ? a.AsInt64() < b.AsInt64()
            : a.AsDouble() < b.AsDouble();

    private static ParameterValue Whole(ParameterValue value, Func<double, double> rounding)
    {
        if (value.Kind == ParameterKind.Integer)
            return value;
        var rounded = rounding(value.AsDouble());
        return Math.Abs(rounded) < 9.2e18 ? (ParameterValue)(long)rounded : rounded;
    }
}

internal sealed class CallNode(int position, NumberFunction function, Node[] arguments) : Node(position, ValueTypes.Number)
{
    public override ParameterValue Evaluate(IExpressionValues values)
    {
        var result = arguments[0].Evaluate(values);
        if (!result.IsNumber)
            return ParameterValue.Null;
        if (arguments.Length == 1)
            return function.Apply(result, default);
        for (var i = 1; i < arguments.Length; i++)
        {
            var next = arguments[i].Evaluate(values);
            if (!next.IsNumber)
                return ParameterValue.Null;
            result = function.Apply(result, next);
        }

        return result;
    }

    public override Interval? Bounds(Func<int, Interval?> parameters)
    {
        if (function.Name is not ("min" or "max") || arguments[0].Bounds(parameters) is not { } result)
            return null;
        foreach (var argument in arguments)
        {
            if (argument.Bounds(parameters) is not { } next)
                return null;
            result = function.Name == "min"
                ? new Interval(Math.Min(result.Low, next.Low), Math.Min(result.High, next.High))
                : new Interval(Math.Max(result.Low, next.Low), Math.Max(result.High, next.High));
        }

        return result;
    }
}
