using System.CommandLine;
using Orchestrator.Querying;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Looks;

/// <summary>Which runs a person asks for, and in which order.</summary>
internal sealed record RunSelection(RunFilter? Filter, RunSort? Sort)
{
    public static Option<string?> Where() => new("--where")
    {
        Description = "Only runs for which this is true, as in: state == 'failed' and learningRate > 0.01 (docs/filters.md)",
        HelpName = "EXPR",
    };

    /// <exception cref="RunFilterException">The filter is wrong.</exception>
    /// <exception cref="RunSortException">There is nothing of that name.</exception>
    public static async Task<RunSelection> CreateAsync(
        ISweepStore store, SweepRecord sweep, string? where, string? sort = null, bool descending = false)
    {
        if (where is null && sort is null)
            return new(null, descending ? RunSort.Parse("number", descending) : null);
        var names = await RunNames.OfAsync(store, sweep);
        return new(
            where is null ? null : RunFilter.Parse(where, names),
            sort is null && !descending ? null : RunSort.Parse(sort ?? "number", descending, names));
    }
}
