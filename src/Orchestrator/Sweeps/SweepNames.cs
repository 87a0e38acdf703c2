using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Text;

namespace Orchestrator.Sweeps;

/// <summary>
/// Finds the sweep that a text names: by its id, as the latest of that name or identity, or by the beginning of its id where only one begins so.
/// </summary>
internal sealed class SweepNames(StoreProvider stores, OrchestratorHome home)
{
    private const int MostListed = 5;
    private const int MostCompared = 1000;

    /// <summary>The id of what is named.</summary>
    /// <param name="named">An id, the beginning of one, a name or an identity.</param>
    /// <param name="kind">Which kind is meant by anything but a whole id; <see langword="null"/>: either.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="SweepNotFoundException">There is none, or there are several; the message says which there are.</exception>
    public async Task<string> IdOfAsync(string named, ExperimentKind? kind, CancellationToken cancellationToken)
    {
        var (id, problem) = await SearchAsync(named, kind, cancellationToken).ConfigureAwait(false);
        return id ?? throw new SweepNotFoundException(problem!);
    }

    /// <summary>The id of what is named; <see langword="null"/> if there is none, or several.</summary>
    public async Task<string?> FindIdAsync(string named, ExperimentKind? kind, CancellationToken cancellationToken) =>
        (await SearchAsync(named, kind, cancellationToken).ConfigureAwait(false)).Id;

    private async Task<(string? Id, string? Problem)> SearchAsync(string named, ExperimentKind? kind, CancellationToken cancellationToken)
    {
        var store = await stores.GetAsync().ConfigureAwait(false);
        if (await store.FindSweepAsync(named, withBest: false, cancellationToken).ConfigureAwait(false) is { } exact)
            return (exact.Sweep.Id, null);

        var (begin, all) = (new List<string>(), new List<SweepRecord>());
        await foreach (var sweep in store.ListSweepsAsync(new SweepQuery { Kind = kind }, cancellationToken).ConfigureAwait(false))
        {
            if (string.Equals(sweep.Name, named, StringComparison.Ordinal) || string.Equals(sweep.Identity, named, StringComparison.Ordinal))
                return (sweep.Id, null); // the list is newest first
            if (named.Length > 0 && sweep.Id.StartsWith(named, StringComparison.Ordinal))
                begin.Add(sweep.Id);
            if (all.Count < MostCompared)
                all.Add(sweep);
        }

        return begin.Count switch
        {
            1 => (begin[0], null),
            > 1 => (null, $"'{named}' is the beginning of {begin.Count} ids: {Listed(begin)}. Write more of it."),
            _ when all.Count == 0 => (null, $"There is no sweep '{named}': there are no sweeps in '{home.Path}' yet."),
            _ => (null, $"There is no sweep '{named}'.{Nearest(named, all)} The latest {(all.Count == 1 ? "is" : "are")}: {Listed([.. all.Select(s => $"{s.Id} ({s.Name})")])}."),
        };
    }

    private static string Nearest(string named, List<SweepRecord> all) =>
        Suggestion.Nearest(named, all.Select(s => s.Name).Concat(all.Select(s => s.Id)).Distinct()) is { } name ? $" Did you mean '{name}'?" : "";

    private static string Listed(List<string> names) =>
        string.Join(", ", names.Take(MostListed)) + (names.Count > MostListed ? ", ..." : "");
}
