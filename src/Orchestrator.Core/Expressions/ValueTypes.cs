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
