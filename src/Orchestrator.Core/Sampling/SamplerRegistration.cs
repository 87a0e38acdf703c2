using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling;

/// <summary>A method by name.</summary>
/// <param name="Name">What a sweep file calls it.</param>
/// <param name="Options">Its options.</param>
/// <param name="Create">Makes the sampler, or reports why not; <see langword="null"/> for a method that is known but not built yet.</param>
internal sealed record SamplerRegistration(
    string Name, IReadOnlyList<SamplerOption> Options, Func<SamplerRequest, ISampler?>? Create);

/// <summary>An option of a method.</summary>
/// <param name="Name">What a sweep file calls it.</param>
/// <param name="Kind">The kind of its value.</param>
/// <param name="Description">What it does.</param>
internal sealed record SamplerOption(string Name, ParameterKind Kind, string Description)
{
    /// <summary>The kind in words.</summary>
    public string Expected => Kind switch
    {
        ParameterKind.Boolean => "true or false",
        ParameterKind.Integer => "an integer",
        ParameterKind.Float => "a number",
        _ => "text",
    };

    /// <summary>Whether a value is of the option's kind.</summary>
    public bool Accepts(ParameterValue value) => value.Kind == Kind || (Kind == ParameterKind.Float && value.IsNumber);
}

/// <summary>What a sampler is made of.</summary>
internal sealed record SamplerRequest(
    SamplingMethod Method, SearchSpace Space, IReadOnlyList<IncludedAssignment> Includes, long Seed, ProblemList Problems);
