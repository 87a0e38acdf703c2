using Orchestrator.Sampling.Grid;
using Orchestrator.Sampling.Sobol;
using Orchestrator.SearchSpaces;
using Orchestrator.Text;

namespace Orchestrator.Sampling;

/// <summary>Makes samplers by the name of their method.</summary>
public static class Samplers
{
    private static SamplerRegistration[] _registered =
    [
        new("grid", [], GridFactory.TryCreate),
        new("random", [], r => new RandomSampler(r.Space)),
        new("sobol", [new("scramble", ParameterKind.Boolean, "Random scrambling by the seed; false gives the published sequence.")],
            SobolFactory.TryCreate),
        new("tpe", [], null),
        new("gp", [], null),
        new("cmaes", [], null),
        new("nsga2", [], null),
    ];

    /// <summary>The names of the methods that can be used.</summary>
    public static IReadOnlyList<string> Methods { get; } = [.. _registered.Where(r => r.Create is not null).Select(r => r.Name)];

    /// <summary>Makes a method known that the vocabulary does not show: tests of the engine bring samplers of their own.</summary>
    internal static void Add(SamplerRegistration registration)
    {
        for (var known = _registered; ; known = _registered)
            if (Array.Exists(known, r => r.Name == registration.Name) || Interlocked.CompareExchange(ref _registered, [.. known, registration], known) == known)
                return;
    }

    /// <summary>The options of a method; empty for an unknown one.</summary>
    internal static IReadOnlyList<SamplerOption> OptionsOf(string method) => Array.Find(_registered, r => r.Name == method)?.Options ?? [];

    /// <summary>A sampler over a space, or <see langword="null"/> and every mistake (warnings also come with a sampler).</summary>
    /// <param name="method">The method and its options.</param>
    /// <param name="space">The space to propose from.</param>
    /// <param name="include">
    /// Assignments to propose beside: for a grid complete ones, off the grid or not, that follow its own points (those it has
    /// already are dropped); for every other method first proposals, whose missing parameters are drawn at random.
    /// </param>
    /// <param name="seed">The sweep's seed.</param>
    /// <param name="problems">Mistakes and warnings, with paths under <c>/method</c>, <c>/include</c> and <c>/parameters</c>.</param>
    public static ISampler? TryCreate(
        SamplingMethod method,
        SearchSpace space,
        IReadOnlyList<IReadOnlyDictionary<string, ParameterValue>> include,
        long seed,
        out IReadOnlyList<DefinitionProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(include);
        var found = new ProblemList();
        problems = found.All;
        var registration = Array.Find(_registered, r => r.Name == method.Type);
        if (registration is null)
        {
            var nearest = Suggestion.Nearest(method.Type, Methods) is { } name ? $"Did you mean '{name}'? " : "";
            found.Error("SWP160", "/method", $"'{method.Type}' is no method. {nearest}There are: {string.Join(", ", Methods)}.");
            return null;
        }

        if (registration.Create is null)
        {
            found.Error("SWP161", "/method", $"The method '{method.Type}' is not built yet. There are: {string.Join(", ", Methods)}.");
            return null;
        }

        CheckOptions(method, registration, found);
        var includes = new IncludeReader(space, found, mustBeComplete: method.Type == "grid").Read(include);
        var sampler = registration.Create(new SamplerRequest(method, space, includes, seed, found));
        if (sampler is null || found.HasErrors)
            return null;
        return includes.Count == 0 || sampler.TakesIncludes() ? sampler : new WarmStartSampler(sampler, space, includes);
    }

    /// <summary>A sampler over a space.</summary>
    /// <exception cref="InvalidDefinitionException">
    /// The method, an option or an included assignment is wrong; all mistakes are listed.
    /// </exception>
    public static ISampler Create(
        SamplingMethod method,
        SearchSpace space,
        long seed = 0,
        params IReadOnlyList<IReadOnlyDictionary<string, ParameterValue>> include) =>
        TryCreate(method, space, include, seed, out var problems) ?? throw new InvalidDefinitionException(problems);

    private static bool TakesIncludes(this ISampler sampler) => sampler is GridSampler;

    private static void CheckOptions(SamplingMethod method, SamplerRegistration registration, ProblemList problems)
    {
        foreach (var (name, value) in method.Options)
        {
            var path = JsonPointer.Append("/method", name);
            if (registration.Options.FirstOrDefault(o => o.Name == name) is not { } option)
            {
                problems.Error("SWP162", path, registration.Options.Count == 0
                    ? $"'{name}' is unknown: the method '{method.Type}' has no options."
                    : $"'{name}' is no option of the method '{method.Type}'"
                        + Suggestion.Hint(name, registration.Options.Select(o => o.Name)));
            }
            else if (!option.Kind.Accepts(value))
            {
                problems.Error("SWP163", path, $"'{name}' takes {option.Kind.InWords()}, not {ParameterJson.ToJson(value)}.");
            }
        }
    }
}
