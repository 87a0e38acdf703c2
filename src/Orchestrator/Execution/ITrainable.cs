namespace Orchestrator;

/// <summary>
/// The code that a run executes. Built in the run's own DI scope (take <see cref="RunContext"/> in the constructor), used once,
/// disposed with the scope if it is disposable.
/// </summary>
public interface ITrainable
{
    /// <summary>
    /// Trains, reporting by <see cref="RunContext.Report"/> or <see cref="RunContext.ReportAsync(long, ValueTuple{string, double}, CancellationToken)"/>.
    /// Returning means done; any exception fails the run and no other.
    /// </summary>
    /// <param name="cancellationToken">Canceled when the run must end; <see cref="RunContext.CancellationReason"/> says why.</param>
    Task TrainAsync(CancellationToken cancellationToken);
}
