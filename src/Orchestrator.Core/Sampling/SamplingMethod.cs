namespace Orchestrator;

/// <summary>A search method by name, with its options: <c>"grid"</c>, or <c>{type: sobol, scramble: false}</c>.</summary>
/// <param name="Type">The method's name.</param>
public sealed record SamplingMethod(string Type)
{
    /// <summary>The method's options by name.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Options { get; init; } = new Dictionary<string, ParameterValue>();

    /// <summary>A method without options.</summary>
    public static implicit operator SamplingMethod(string type) => new(type);
}
