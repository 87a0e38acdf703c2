namespace Orchestrator;

/// <summary>The one place that knows which state of a run may follow which.</summary>
internal static class RunStateMachine
{
    /// <summary>Whether a run in this state has ended.</summary>
    public static bool IsFinal(RunState state) => state is RunState.Completed or RunState.Failed or RunState.Pruned or RunState.Canceled;

    /// <summary>
    /// Whether a run may go from one state to the other. The ways back from an end are <c>failed -> queued</c> (retry) and
    /// <c>canceled -> queued</c> (resume); <c>running -> queued</c> is an attempt that was lost or will be retried.
    /// </summary>
    public static bool CanMove(RunState from, RunState to) => (from, to) switch
    {
        (RunState.Queued, RunState.Running or RunState.Canceled) => true,
        (RunState.Running, RunState.Queued or RunState.Paused) => true,
        (RunState.Running, _) => IsFinal(to),
        (RunState.Paused, RunState.Queued or RunState.Running or RunState.Pruned or RunState.Canceled or RunState.Failed) => true,
        (RunState.Failed or RunState.Canceled, RunState.Queued) => true,
        _ => false,
    };

    /// <summary>Whether a run that is held by hand may be taken up again by whoever holds it: it has ended, however it did.</summary>
    public static bool CanReopen(RunState state) => IsFinal(state);

    /// <summary>
    /// The state after a move. Telling the same end twice is the same as telling it once.
    /// </summary>
    /// <returns><see langword="true"/> if the state changes, <see langword="false"/> if it was told already.</returns>
    /// <exception cref="InvalidOperationException">The move is not allowed.</exception>
    public static bool Move(ref RunState state, RunState to)
    {
        if (state == to && IsFinal(to))
            return false;
        if (!CanMove(state, to))
            throw new InvalidOperationException($"A run that is {state} cannot become {to}.");
        state = to;
        return true;
    }
}
