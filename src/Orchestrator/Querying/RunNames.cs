using System.Text.Json;
using Orchestrator.Storage;

namespace Orchestrator.Querying;

/// <summary>The parameters and metrics that a filter may name: with them a slip is an error instead of a filter that nothing matches.</summary>
internal sealed class RunNames
{
    private readonly string[]? _parameters;
    private readonly string[] _metrics;

    private RunNames(string[]? parameters, string[] metrics) => (_parameters, _metrics) = (parameters, metrics);

    /// <summary>As they are written without what they are.</summary>
    public IEnumerable<string> Bare => (_parameters ?? []).Concat(_metrics).Distinct(StringComparer.Ordinal);

    /// <summary>As they are written in full.</summary>
    public IEnumerable<string> Qualified => (_parameters ?? []).Select(p => "parameters." + p).Concat(_metrics.Select(m => "metrics." + m));

    /// <summary>The names of a sweep's parameters, and of every metric that was ever reported here.</summary>
    public static async Task<RunNames> OfAsync(ISweepStore store, SweepRecord sweep, CancellationToken cancellationToken = default)
    {
        var metrics = (await store.VocabularyAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Metrics;
        return new(ParametersOf(sweep.Definition), [.. metrics.Append(sweep.Metric.Name).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>These and no others.</summary>
    public static RunNames Of(string[]? parameters, string[] metrics) => new(parameters, metrics);

    public bool HasParameter(string name) => _parameters is null || _parameters.Contains(name, StringComparer.Ordinal);

    public bool HasMetric(string name) => _metrics.Contains(name, StringComparer.Ordinal);

    public bool HasEither(string name) => HasParameter(name) || HasMetric(name);

    /// <summary>The parameters of a definition as it is stored, which this program need not be able to run; <see langword="null"/> if it has none.</summary>
    public static string[]? ParametersOf(string definition)
    {
        using var document = JsonDocument.Parse(definition);
        return document.RootElement.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
            ? [.. Collect(parameters, "")]
            : null;
    }

    private static IEnumerable<string> Collect(JsonElement parameters, string prefix) =>
        parameters.EnumerateObject().SelectMany(p =>
            p.Value.ValueKind == JsonValueKind.Object && p.Value.TryGetProperty("parameters", out var group) && group.ValueKind == JsonValueKind.Object
                ? (p.Value.EnumerateObject().Any(m => m.Name is not ("parameters" or "when")) ? [prefix + p.Name] : Array.Empty<string>()).Concat(Collect(group, prefix + p.Name + "."))
                : [prefix + p.Name]);
}
