namespace Orchestrator;

/// <summary>Kinds of values as options of methods and trackers ask for them.</summary>
internal static class ParameterKinds
{
    /// <summary>The kind in words: <c>a whole number</c>.</summary>
    public static string InWords(this ParameterKind kind) => kind switch
    {
        ParameterKind.Null => "null",
        ParameterKind.Boolean => "true or false",
        ParameterKind.Integer => "a whole number",
        ParameterKind.Float => "a number",
        ParameterKind.Text => "text",
        ParameterKind.List => "a list",
        _ => "a mapping",
    };

    /// <summary>Whether a value is of the kind; an integer is a float, too.</summary>
    public static bool Accepts(this ParameterKind kind, ParameterValue value) =>
        value.Kind == kind || (kind == ParameterKind.Float && value.IsNumber);
}
