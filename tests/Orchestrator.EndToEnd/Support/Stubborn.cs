namespace Orchestrator.EndToEnd.Support;

/// <summary>A trainable that does not end when it is asked to; sweep files of tests name it by type and assembly.</summary>
public sealed class Stubborn(RunContext run) : ITrainable
{
    public async Task TrainAsync(CancellationToken cancellationToken)
    {
        await run.ReportAsync(7, ("value", run.Parameters.Get<double>("x")), cancellationToken);
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
