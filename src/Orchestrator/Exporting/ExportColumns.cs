using Orchestrator.Querying;
using Orchestrator.Storage;

namespace Orchestrator.Exporting;

/// <summary>The columns that depend on the sweep. They are known before the first run is written, so that runs need not be read twice.</summary>
internal sealed record ExportColumns(IReadOnlyList<string> Parameters, IReadOnlyList<string> Metrics, IReadOnlyList<string> Tags, IReadOnlyList<string> Attributes)
{
    public static async Task<ExportColumns> ReadAsync(ISweepStore store, SweepRecord sweep)
    {
        var vocabulary = await store.VocabularyAsync(sweep.Id).ConfigureAwait(false);
        var parameters = RunNames.ParametersOf(sweep.Definition) ?? await ParametersOfRunsAsync(store, sweep).ConfigureAwait(false);
        return new(parameters, vocabulary.Metrics, SweepsFirst(sweep.Tags, vocabulary.Tags), SweepsFirst(sweep.Attributes.Keys, vocabulary.Attributes));
    }

    private static string[] SweepsFirst(IEnumerable<string> ofSweep, IEnumerable<string> all) => [.. ofSweep.Concat(all).Distinct(StringComparer.Ordinal)];

    /// <summary>A definition without parameters says nothing of them: the runs do.</summary>
    private static async Task<string[]> ParametersOfRunsAsync(ISweepStore store, SweepRecord sweep)
    {
        var names = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = sweep.Id }).ConfigureAwait(false))
        {
            foreach (var name in run.Parameters.Names)
                names[name] = true;
        }

        return [.. names.Keys];
    }
}
