using Orchestrator.Storage;

namespace Orchestrator.Sweeps.Steering;

/// <summary>The failed runs that a retry means, and how they are queued again.</summary>
internal static class FailedRuns
{
    public static async IAsyncEnumerable<RunRecord> SelectAsync(ISweepStore store, string sweep, SteeringRequest request)
    {
        var wanted = request.Runs?.ToHashSet();
        await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = sweep, States = [RunState.Failed] }).ConfigureAwait(false))
        {
            if ((wanted is null || wanted.Contains(run.Number)) && (request.Fingerprint is null || run.Failure?.Fingerprint == request.Fingerprint))
                yield return run;
        }
    }

    public static RunMoved Requeue(long sweep, RunRecord run, DateTimeOffset at) =>
        new() { Run = new RunKey(sweep, run.Number), To = RunState.Queued, At = at };
}
