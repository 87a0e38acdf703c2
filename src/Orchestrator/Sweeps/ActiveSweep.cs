namespace Orchestrator.Sweeps;

/// <summary>A sweep that this process executes: how it is steered, when something happens to it, and its end.</summary>
internal sealed class ActiveSweep(SweepControl control, ISweepObserver? observer) : ISweepObserver
{
    private readonly TaskCompletionSource<SweepResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _changed;

    public SweepControl Control => control;

    /// <summary>Its result, or the exception with which it could not be executed.</summary>
    public Task<SweepResult> Result => _result.Task;

    /// <summary>Completes at its end, whatever that is.</summary>
    public Task Ended => Result.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Completes when something has happened after the call.</summary>
    public Task Changed
    {
        get
        {
            var pulse = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _changed, pulse, null) ?? pulse).Task;
        }
    }

    public void End(Task<SweepResult> execution)
    {
        _result.TrySetFromTask(execution);
        // Who submitted it need not look: an exception was logged, and must not surface as unobserved.
        _ = _result.Task.Exception;
        Pulse();
    }

    public void Pulse() => Interlocked.Exchange(ref _changed, null)?.TrySetResult();

    public void SweepStarted(SweepRecord sweep, int workers)
    {
        observer?.SweepStarted(sweep, workers);
        Pulse();
    }

    public void RunStarted(IRunningRun run)
    {
        observer?.RunStarted(run);
        Pulse();
    }

    public void RunEnded(RunEnded ended)
    {
        observer?.RunEnded(ended);
        Pulse();
    }

    public void DeviceRetired(DeviceRetired retired) => observer?.DeviceRetired(retired);

    public void SweepSteered(SweepSteered steered)
    {
        observer?.SweepSteered(steered);
        Pulse();
    }

    public void SweepStopping(string reason) => observer?.SweepStopping(reason);

    public void SweepEnded(SweepState state, string reason)
    {
        observer?.SweepEnded(state, reason);
        Pulse();
    }
}
