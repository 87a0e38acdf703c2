using System.Globalization;
using Orchestrator.Storage;

namespace Orchestrator.Web.Jobs;

/// <summary>
/// What a job says of its sweep's end. A sweep without a successful run, one whose circuit breaker opened, and one that could not go on
/// fail; one that was ended on request counts as deleted; every other one succeeds, with a note of the runs that failed.
/// </summary>
internal sealed class SweepOutcomes(StoreProvider stores)
{
    /// <summary>Whether a sweep has ended, so that it is executed again on request only.</summary>
    public static bool HasEnded(SweepRecord sweep) => sweep.State is SweepState.Completed or SweepState.Stopped or SweepState.Failed;

    /// <summary>What came of a sweep that was executed here.</summary>
    /// <exception cref="SweepFailedException">It failed.</exception>
    /// <exception cref="SweepEndedException">It was ended on request.</exception>
    public async Task<string> OfAsync(SweepResult result) => result.EndKind switch
    {
        SweepEndKind.Requested => throw new SweepEndedException(Ended(result.Sweep)),
        SweepEndKind.CircuitBreaker or SweepEndKind.Fault => throw await FailureAsync(result.Sweep, result.EndReason),
        _ => await CompletedAsync(result.Sweep),
    };

    /// <summary>What came of a sweep that ended before.</summary>
    /// <inheritdoc cref="OfAsync(SweepResult)"/>
    public async Task<string> OfAsync(SweepRecord sweep) => sweep.State switch
    {
        SweepState.Completed => await CompletedAsync(sweep),
        SweepState.Failed => throw await FailureAsync(sweep, sweep.EndReason ?? "it could not go on"),
        _ => throw new SweepEndedException(Ended(sweep)),
    };

    private async Task<string> CompletedAsync(SweepRecord sweep)
    {
        var counts = sweep.Counts;
        if (counts is { Failed: > 0, Completed: 0, Pruned: 0 })
            throw await FailureAsync(sweep, "no run succeeded");
        var best = sweep.Best?.Objective is { } objective ? $"; best {sweep.Metric.Name} {objective:G6}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Counted(counts)}{best} ({sweep.EndReason})");
    }

    private static string Ended(SweepRecord sweep) =>
        $"{Sentence(sweep.EndReason ?? "ended on request")}: {Counted(sweep.Counts)}. Queued anew, it goes on with what is left.";

    /// <summary>The reason of a failure, with the first run's, which is often that of all.</summary>
    private async Task<SweepFailedException> FailureAsync(SweepRecord sweep, string reason)
    {
        var store = await stores.GetAsync();
        await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = sweep.Id, States = [RunState.Failed], Limit = 1 }))
        {
            if (run.Failure is { } failure)
                return new SweepFailedException($"{Sentence(reason)}: {Counted(sweep.Counts)}. The first, {run.Id}: {failure.Message}");
        }

        return new SweepFailedException($"{Sentence(reason)}.");
    }

    private static string Counted(RunCounts counts)
    {
        var parts = Enum.GetValues<RunState>().Where(state => counts[state] > 0)
            .Select(state => string.Create(CultureInfo.InvariantCulture, $"{counts[state]} {state.ToString().ToLowerInvariant()}"));
        return string.Join(", ", parts) is { Length: > 0 } said ? said : "no runs";
    }

    private static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].TrimEnd('.');
}
