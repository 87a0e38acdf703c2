namespace Orchestrator.Sampling;

/// <summary>An option of a method.</summary>
/// <param name="Name">What a sweep file calls it.</param>
/// <param name="Kind">The kind of its value.</param>
/// <param name="Description">What it does.</param>
public sealed record SamplerOption(string Name, ParameterKind Kind, string Description)
{
    /// <summary>The kind in words.</summary>
    internal string Expected => Kind switch
    {
        ParameterKind.Boolean => "true or false",
        ParameterKind.Integer => "an integer",
        ParameterKind.Float => "a number",
        _ => "text",
    };

    /// <summary>Whether a value is of the option's kind.</summary>
    internal bool Accepts(ParameterValue value) => value.Kind == Kind || (Kind == ParameterKind.Float && value.IsNumber);
}
