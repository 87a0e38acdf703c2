namespace Orchestrator.Tests.Support;

/// <summary>Tells when a sweep starts nothing new any more.</summary>
internal sealed class StoppingObserver : ISweepObserver
{
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="TimeoutException">It does not stop.</exception>
    public Task Heard => _heard.Task.WaitAsync(TimeSpan.FromMinutes(1));

    public void SweepStopping(string reason) => _heard.TrySetResult();
}
