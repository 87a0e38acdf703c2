namespace Orchestrator.Expressions;

/// <summary>The kinds of value that a part of an expression may have, as far as is known before it is evaluated.</summary>
[Flags]
internal enum ValueTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Number = 4,
    Text = 8,
    Compound = 16,
    Any = Null | Boolean | Number | Text | Compound,
}

/// <summary>What the names in an expression stand for: parameters here, columns of runs in a filter.</summary>
internal interface INameResolver
{
    /// <summary>All names, for suggestions.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>What a name stands for.</summary>
    bool TryResolve(string name, out NameBinding binding);
}

/// <summary>The values of names while an expression is evaluated.</summary>
internal interface IExpressionValues
{
    /// <summary>The value of a slot; <see langword="false"/> where it has none (an inactive parameter).</summary>
    bool TryGet(int slot, out ParameterValue value);
}

/// <summary>A resolved name.</summary>
/// <param name="Slot">What <see cref="IExpressionValues"/> is asked with.</param>
/// <param name="Types">The kinds that its value may have.</param>
/// <param name="Words">The only texts that its value may be; <see langword="null"/>: any.</param>
internal readonly record struct NameBinding(int Slot, ValueTypes Types, IReadOnlyList<string>? Words = null);

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

internal static class ValueTypesExtensions
{
    /// <summary>The type of a value.</summary>
    public static ValueTypes TypeOf(this ParameterValue value) => value.Kind switch
    {
        ParameterKind.Null => ValueTypes.Null,
        ParameterKind.Boolean => ValueTypes.Boolean,
        ParameterKind.Integer or ParameterKind.Float => ValueTypes.Number,
        ParameterKind.Text => ValueTypes.Text,
        _ => ValueTypes.Compound,
    };

    /// <summary>The types in words: <c>a number</c>, <c>a number or text</c>.</summary>
    public static string Describe(this ValueTypes types)
    {
        if (types == ValueTypes.Any)
            return "any value";
        List<string> words = [];
        if (types.HasFlag(ValueTypes.Number))
            words.Add("a number");
        if (types.HasFlag(ValueTypes.Text))
            words.Add("text");
        if (types.HasFlag(ValueTypes.Boolean))
            words.Add("true or false");
        if (types.HasFlag(ValueTypes.Compound))
            words.Add("a list or map");
        if (types.HasFlag(ValueTypes.Null))
            words.Add("null");
        return string.Join(" or ", words);
    }
}
