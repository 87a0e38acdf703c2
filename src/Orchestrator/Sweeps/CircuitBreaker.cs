namespace Orchestrator.Sweeps;

/// <summary>Counts failed runs and says when they are too many.</summary>
internal sealed class CircuitBreaker(FailurePolicy policy, int consecutive, long failed)
{
    private int _consecutive = consecutive;
    private long _failed = failed;

    /// <summary>Takes in the end of a run; the reason to stop, if there is one.</summary>
    public string? Add(RunState state)
    {
        switch (state)
        {
            case RunState.Failed:
                _consecutive++;
                _failed++;
                break;
            case RunState.Completed or RunState.Pruned:
                _consecutive = 0;
                break;
        }

        if (policy.StopAfterConsecutive is { } most && _consecutive >= most)
            return $"the circuit breaker opened: {_consecutive} runs failed in a row";
        return policy.StopAfter is { } all && _failed >= all ? $"the circuit breaker opened: {_failed} runs failed" : null;
    }
}
