using Microsoft.Extensions.Logging;

namespace Orchestrator.Sweeps;

/// <summary>Calls an observer and drops it at its first exception: who watches must not end what is watched.</summary>
internal sealed partial class ObserverGuard(ISweepObserver? observer, ILogger logger)
{
    private ISweepObserver? _observer = observer;

    public void SweepStarted(SweepRecord sweep, int workers) => Call(o => o.SweepStarted(sweep, workers));

    public void RunStarted(IRunningRun run)
    {
        if (_observer is not null)
            Call(o => o.RunStarted(run));
    }

    public void RunEnded(RunEnded ended)
    {
        if (_observer is not null)
            Call(o => o.RunEnded(ended));
    }

    public void DeviceRetired(DeviceRetired retired) => Call(o => o.DeviceRetired(retired));

    public void SweepSteered(SweepSteered steered) => Call(o => o.SweepSteered(steered));

    public void SweepStopping(string reason) => Call(o => o.SweepStopping(reason));

    public void SweepEnded(SweepState state, string reason) => Call(o => o.SweepEnded(state, reason));

    private void Call(Action<ISweepObserver> call)
    {
        if (_observer is not { } watching)
            return;
        try
        {
            call(watching);
        }
        catch (Exception cause)
        {
            _observer = null;
            LogDropped(logger, cause);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sweep's observer failed and is not called again.")]
    private static partial void LogDropped(ILogger logger, Exception cause);
}
