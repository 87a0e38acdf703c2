using Orchestrator.Querying;
using Orchestrator.Storage;

namespace Orchestrator.Exporting;

/// <summary>The columns that depend on the sweep. They are known before the first run is written, so that runs need not be read twice.</summary>
internal sealed record ExportColumns(IReadOnlyList<string> Parameters, IReadOnlyList<string> Metrics, IReadOnlyList<string> Tags)
{
    public static async Task<ExportColumns> ReadAsync(ISweepStore store, SweepRecord sweep)
    {
        var vocabulary = await store.VocabularyAsync(sweep.Id).ConfigureAwait(false);
        string[] tags = [.. sweep.Tags.Concat(vocabulary.Tags).Distinct(StringComparer.Ordinal)];
        return new(RunNames.ParametersOf(sweep.Definition) ?? await ParametersOfRunsAsync(store, sweep).ConfigureAwait(false), vocabulary.Metrics, tags);
    }

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
