using Orchestrator.Storage;

namespace Orchestrator.Cli.Failing;

/// <summary>Runs that failed of the same fault.</summary>
internal sealed class FailedGroup(RunFailure first, string run)
{
    private readonly OrderedDictionary<string, ParameterEvidence> _parameters = new(StringComparer.Ordinal);
    private long? _lastProposal;

    public string Fingerprint => First.Fingerprint;

    public RunFailure First { get; } = first;

    /// <summary>The id of one of the runs.</summary>
    public string Run { get; } = run;

    public long Count { get; private set; }

    /// <summary>How many assignments failed this way.</summary>
    public long Assignments { get; private set; }

    public DateTimeOffset? FirstAt { get; private set; }

    public DateTimeOffset? LastAt { get; private set; }

    /// <summary>What they have in common beside those that succeeded; the most telling first.</summary>
    public IReadOnlyList<CommonCause> Common { get; private set; } = [];

    public void Add(RunRecord run)
    {
        Count++;
        if (run.EndedAt is { } at)
            (FirstAt, LastAt) = (FirstAt is { } first && first < at ? first : at, LastAt is { } last && last > at ? last : at);
        if (_lastProposal == run.Proposal)
            return; // the replicates of an assignment follow each other
        _lastProposal = run.Proposal;
        Assignments++;
        foreach (var (name, value) in run.Parameters)
        {
            if (!_parameters.TryGetValue(name, out var evidence))
                _parameters.Add(name, evidence = new ParameterEvidence());
            evidence.AddFailed(value);
        }
    }

    public void CloseFailed()
    {
        foreach (var evidence in _parameters.Values)
            evidence.CloseFailed();
    }

    public void AddSucceeded(ParameterSet parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (_parameters.TryGetValue(name, out var evidence))
                evidence.AddSucceeded(value);
        }
    }

    public void Conclude(long succeeded) => Common =
    [
        .. _parameters
            .Select(p => CommonCause.Of(p.Key, p.Value, Assignments, succeeded, _parameters.Count))
            .OfType<CommonCause>()
            .OrderByDescending(c => c.Lift),
    ];
}

/// <summary>
/// The failed runs of a sweep by what went wrong, the most frequent first. Read as a stream, the failing runs and then the others:
/// memory depends on the numbers of groups and parameters.
/// </summary>
internal sealed record FailureReport(IReadOnlyList<FailedGroup> Groups, bool IsCut)
{
    /// <summary>More kinds of failure than anybody reads; the runs of further ones are not counted.</summary>
    private const int MostGroups = 1_000;

    public static async Task<FailureReport> ReadAsync(ISweepStore store, string sweep)
    {
        var groups = new Dictionary<string, FailedGroup>(StringComparer.Ordinal);
        var isCut = false;
        await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = sweep, States = [RunState.Failed] }))
        {
            if (run.Failure is not { } failure)
                continue;
            if (groups.TryGetValue(failure.Fingerprint, out var group))
                group.Add(run);
            else if (groups.Count < MostGroups)
                (groups[failure.Fingerprint] = new FailedGroup(failure, run.Id)).Add(run);
            else
                isCut = true;
        }

        if (groups.Count > 0)
            await CompareAsync(store, sweep, groups.Values);
        return new([.. groups.Values.OrderByDescending(g => g.Count).ThenBy(g => g.Run, StringComparer.Ordinal)], isCut);
    }

    private static async Task CompareAsync(ISweepStore store, string sweep, IReadOnlyCollection<FailedGroup> groups)
    {
        foreach (var group in groups)
            group.CloseFailed();
        var (succeeded, last) = (0L, (long?)null);
        await foreach (var run in store.QueryRunsAsync(new RunQuery { Sweep = sweep, States = [RunState.Completed, RunState.Pruned] }))
        {
            if (run.Proposal == last)
                continue;
            (last, succeeded) = (run.Proposal, succeeded + 1);
            foreach (var group in groups)
                group.AddSucceeded(run.Parameters);
        }

        foreach (var group in groups)
            group.Conclude(succeeded);
    }
}
