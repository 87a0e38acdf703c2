using System.Runtime.CompilerServices;
using Orchestrator.Storage;

namespace Orchestrator.Querying;

/// <summary>
/// Reads the runs of a sweep by filter and order. The store does what it can; the rest is done on the stream, in flat memory. Only an
/// order that the store does not know keeps runs: the best so many where there is a limit, else all.
/// </summary>
internal static class RunQueries
{
    /// <param name="store">The store.</param>
    /// <param name="sweep">The id of the sweep.</param>
    /// <param name="filter">Which runs; <see langword="null"/>: all.</param>
    /// <param name="sort">In which order; <see langword="null"/>: by number.</param>
    /// <param name="limit">At most so many; <see langword="null"/>: no limit.</param>
    /// <param name="states">Only runs in these states; <see langword="null"/> or empty: all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IAsyncEnumerable<RunRecord> QueryAsync(
        ISweepStore store,
        string sweep,
        RunFilter? filter = null,
        RunSort? sort = null,
        int? limit = null,
        IReadOnlyCollection<RunState>? states = null,
        CancellationToken cancellationToken = default)
    {
        var plan = filter?.Plan;
        RunState[] wanted = [.. (plan?.States ?? Enum.GetValues<RunState>()).Where(s => states is not { Count: > 0 } || states.Contains(s))];
        if (plan is { IsEmpty: true } || wanted is [])
            return AsyncEnumerable.Empty<RunRecord>();

        var order = sort is null ? RunOrder.Number : sort.StoreOrder;
        var left = plan is null or { IsWhole: true } ? null : filter;
        var runs = store.QueryRunsAsync(
            new RunQuery
            {
                Sweep = sweep,
                States = wanted.Length == Enum.GetValues<RunState>().Length ? [] : wanted,
                FirstNumber = plan?.First ?? 0,
                EndNumber = plan?.End,
                Order = order ?? RunOrder.Number,
                Descending = order is not null && sort is { Descending: true },
                Limit = order is not null && left is null ? limit : null,
            },
            cancellationToken);
        if (left is not null)
            runs = runs.Where(left);
        if (order is null)
            return SortAsync(runs, sort!, limit, cancellationToken);
        return limit is { } most ? runs.Take(most) : runs;
    }

    private static async IAsyncEnumerable<RunRecord> SortAsync(
        IAsyncEnumerable<RunRecord> runs, RunSort sort, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The worst of those that are kept stands at the head, ready to make room.
        var kept = new PriorityQueue<RunRecord, (ParameterValue, long)>(Comparer<(ParameterValue, long)>.Create((x, y) => sort.Compare(y, x)));
        await foreach (var run in runs.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (limit is { } most && kept.Count >= most)
                kept.EnqueueDequeue(run, sort.KeyOf(run));
            else
                kept.Enqueue(run, sort.KeyOf(run));
        }

        var sorted = new RunRecord[kept.Count];
        for (var i = sorted.Length - 1; i >= 0; i--)
            sorted[i] = kept.Dequeue();
        foreach (var run in sorted)
            yield return run;
    }
}
