using Orchestrator.Configuration;
using Orchestrator.Execution;

namespace Orchestrator.Sweeps;

/// <summary>Reads back the definition with which a sweep was stored.</summary>
internal static class StoredDefinition
{
    /// <exception cref="InvalidDefinitionException">This program no longer knows what the definition names.</exception>
    public static SweepDefinition Read(SweepRecord sweep, ISweepCatalog catalog, TrainableRunner? code)
    {
        var known = code is null ? catalog : new WithCode(catalog);
        var read = SweepFileReader.ReadText(code is null ? sweep.Definition : Named(sweep.Definition), "sweep " + sweep.Id, known);
        var definition = read.Definition ?? throw new InvalidSweepFileException(read.Problems);
        if (code is not null)
            definition.Trainable = null;
        return definition;
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
