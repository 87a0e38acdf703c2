using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling;

/// <summary>A method by name.</summary>
/// <param name="Name">What a sweep file calls it.</param>
/// <param name="Options">Its options.</param>
/// <param name="Create">Makes the sampler, or reports why not; <see langword="null"/> for a method that is known but not built yet.</param>
internal sealed record SamplerRegistration(
    string Name, IReadOnlyList<SamplerOption> Options, Func<SamplerRequest, ISampler?>? Create);

/// <summary>What a sampler is made of.</summary>
internal sealed record SamplerRequest(
    SamplingMethod Method, SearchSpace Space, IReadOnlyList<IncludedAssignment> Includes, long Seed, ProblemList Problems);
