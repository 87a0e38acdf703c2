using Orchestrator.Cli.Looks;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Comparing;

/// <summary>A run with what its comparison needs.</summary>
internal sealed record ComparedRun(SweepRecord Sweep, RunRecord Run, IReadOnlyDictionary<string, SeriesSummary> Series)
{
    public static async Task<ComparedRun> ReadAsync(ISweepStore store, SweepRecord sweep, RunRecord run) =>
        new(sweep, run, (await SeriesSummary.ReadAsync(store.SeriesAsync(sweep.Id, run.Number))).ToDictionary(StringComparer.Ordinal));
}
