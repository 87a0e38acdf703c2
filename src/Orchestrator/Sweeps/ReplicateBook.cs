using Orchestrator.Sampling;

namespace Orchestrator.Sweeps;

/// <summary>Gathers the replicates of proposals until all have ended, and then says what the sampler is told: their mean.</summary>
internal sealed class ReplicateBook(int replicates)
{
    private readonly Dictionary<long, PartialProposal> _open = [];

    /// <summary>Takes in the end of a run. The observation, if it was the last replicate of its proposal.</summary>
    public Observation? Add(long proposal, ParameterSet parameters, RunState state, double? objective)
    {
        var sum = _open.GetValueOrDefault(proposal) ?? new PartialProposal(proposal, 0, 0, 0, 0, 0);
        sum = sum with
        {
            Ended = sum.Ended + 1,
            Completed = sum.Completed + (state == RunState.Completed ? 1 : 0),
            Failed = sum.Failed + (state == RunState.Failed ? 1 : 0),
            Pruned = sum.Pruned + (state == RunState.Pruned ? 1 : 0),
            ObjectiveSum = sum.ObjectiveSum + (state is RunState.Completed or RunState.Pruned ? objective ?? 0 : 0),
        };
        if (sum.Ended < replicates)
        {
            _open[proposal] = sum;
            return null;
        }

        _open.Remove(proposal);
        var values = sum.Completed + sum.Pruned;
        // One completed replicate makes the assignment known; a failed one beside it makes the mean less certain, not wrong.
        var told = sum switch
        {
            { Completed: > 0 } => ObservationState.Completed,
            { Pruned: > 0 } => ObservationState.Pruned,
            { Failed: > 0 } => ObservationState.Failed,
            _ => ObservationState.Canceled,
        };
        return new Observation(proposal, parameters, told, values > 0 ? [sum.ObjectiveSum / values] : []);
    }
}
