using Orchestrator.Configuration;
using Orchestrator.Execution;

namespace Orchestrator.Sweeps;

/// <summary>Reads back the definition with which a sweep was stored.</summary>
internal static class StoredDefinition
{
    /// <param name="sweep">The sweep.</param>
    /// <param name="catalog">What this program knows.</param>
    /// <param name="code">The delegate that stands in for the trainable.</param>
    /// <param name="lenient">Accepts a sweep without a trainable: it is looked at, not executed.</param>
    /// <exception cref="InvalidDefinitionException">This program no longer knows what the definition names.</exception>
    public static SweepDefinition Read(SweepRecord sweep, ISweepCatalog catalog, TrainableRunner? code, bool lenient = false)
    {
        var isCode = code is not null || (lenient && !SaysWhatRuns(sweep.Definition));
        var known = isCode ? new WithCode(catalog) : catalog;
        var read = SweepFileReader.ReadText(isCode ? Named(sweep.Definition) : sweep.Definition, "sweep " + sweep.Id, known, origin: SweepOrigin.Of(sweep));
        var definition = read.Definition ?? throw new InvalidSweepFileException(read.Problems);
        if (isCode)
            definition.Trainable = null;
        return definition;
    }

    private static bool SaysWhatRuns(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("trainable", out _) || document.RootElement.TryGetProperty("command", out _);
    }

    // A sweep made from a delegate names no trainable, and a sweep file must.
    private static string Named(string json) => "{\"trainable\": \"" + WithCode.Name + "\"," + json.TrimStart()[1..];

    private sealed class WithCode(ISweepCatalog inner) : ISweepCatalog
    {
        public const string Name = "(code)";

        public IReadOnlyCollection<TrainableInfo> Trainables => [.. inner.Trainables, new TrainableInfo(Name)];

        public IReadOnlyCollection<TrackerInfo> Trackers => inner.Trackers;
    }
}
