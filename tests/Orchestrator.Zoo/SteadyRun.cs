namespace Orchestrator.Zoo;

/// <summary>Reports a few steps, with a pause between them.</summary>
public sealed class SteadyRun(RunContext run) : ITrainable
{
    public async Task TrainAsync(CancellationToken cancellationToken)
    {
        var x = run.Parameters.Get<double>("x");
        for (var step = 0; step < 5; step++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
            run.Report(step, ("loss", (x * x) + step));
        }
    }
}
