namespace Orchestrator.Execution;

/// <summary>Where the user's code of an attempt is executed: on a thread of this process, in a worker's process, as a command.</summary>
internal interface IRunPlace
{
    /// <summary>
    /// Executes an attempt to its end, on the caller's thread. Has the attempt watched from the moment the user's code begins. Nothing that
    /// user code does leaves here as an exception.
    /// </summary>
    /// <param name="ticket">The run.</param>
    /// <param name="grant">What it was given.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="giveUp">For a place that cannot end code which does not end when asked to: frees the caller's slot from it.</param>
    /// <exception cref="Exception">The orchestrator itself cannot execute runs there.</exception>
    RunEnding Execute(RunTicket ticket, RunGrant grant, RunAttempt attempt, Action<RunAttempt> giveUp);
}

/// <summary>How the user's code came to its end.</summary>
/// <param name="Failure">What went wrong; <see langword="null"/>: it came to its end by itself.</param>
/// <param name="GaveUp">It gave itself up: the run is pruned.</param>
/// <param name="WasKilled">It did not end when asked to, and was made to.</param>
/// <param name="WasAsked">It was asked to end before it had ended, and its end does not tell whether its work was done by then.</param>
internal readonly record struct RunEnding(RunFailure? Failure, bool GaveUp = false, bool WasKilled = false, bool WasAsked = false)
{
    /// <summary>What left the user's code.</summary>
    public static RunEnding Of(Exception? thrown) => thrown switch
    {
        null => default,
        RunPrunedException => new RunEnding(null, GaveUp: true),
        _ => new RunEnding(FailureCapture.FromException(thrown)),
    };
}

/// <summary>Executes runs on the worker's own thread.</summary>
internal sealed class ThreadPlace : IRunPlace
{
    public static ThreadPlace Instance { get; } = new();

    public RunEnding Execute(RunTicket ticket, RunGrant grant, RunAttempt attempt, Action<RunAttempt> giveUp)
    {
        attempt.Watch(ticket.Terms.Timeout, giveUp, ticket.Sweep.Definition.Isolation.Grace);
        var flow = new RunFlow(ticket.Sweep.Services, ticket.Sweep.Trainable, attempt);
        try
        {
            // A context of the run's own: what user code sets while it runs synchronously (async-locals, culture) stays in it.
            ExecutionContext.Run(ExecutionContext.Capture()!, static state => ((RunFlow)state!).Start(), flow);
            flow.Body!.GetAwaiter().GetResult();
            return default;
        }
        catch (Exception cause)
        {
            return RunEnding.Of(cause);
        }
    }
}
