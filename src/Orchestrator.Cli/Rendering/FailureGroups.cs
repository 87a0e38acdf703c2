using Orchestrator.Storage;

namespace Orchestrator.Cli.Rendering;

/// <summary>The failed runs of a sweep by what went wrong, the most frequent first.</summary>
internal sealed record FailureGroup(string Fingerprint, long Count, RunFailure First, string Run);

/// <summary>Groups failures by fingerprint.</summary>
internal static class FailureGroups
{
    private const int MostShown = 3;
    private const int MostKept = 10_000;

    /// <summary>The most frequent ones, and how many kinds there are in all.</summary>
    public static async Task<(IReadOnlyList<FailureGroup> Top, int Kinds)> ReadAsync(ISweepStore store, SweepRecord sweep)
    {
        var groups = new Dictionary<string, FailureGroup>(StringComparer.Ordinal);
        if (sweep.Counts.Failed == 0)
            return ([], 0);
        await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = sweep.Id, States = [RunState.Failed] }))
        {
            if (run.Failure is not { } failure)
                continue;
            if (groups.TryGetValue(failure.Fingerprint, out var known))
                groups[failure.Fingerprint] = known with { Count = known.Count + 1 };
            else if (groups.Count < MostKept)
                groups.Add(failure.Fingerprint, new FailureGroup(failure.Fingerprint, 1, failure, run.Id));
        }

        return ([.. groups.Values.OrderByDescending(g => g.Count).Take(MostShown)], groups.Count);
    }
}
