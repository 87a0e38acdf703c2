using System.Globalization;
using System.Numerics;
using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using Orchestrator.Execution.Devices;

namespace Orchestrator.Sweeps;

internal sealed partial class SweepCoordinator
{
    private const int MostRunsNamed = 8;

    /// <summary>Learns from the end of an attempt about the devices it had; takes one out of service on which runs fail that succeed on others.</summary>
    private void Blame(DeviceHealth health, RunTicket ticket, ulong used, AttemptResult result)
    {
        var failed = result.Outcome == RunState.Failed;
        if (failed ? !DeviceHealth.MayBlame(result.Failure!.Kind) : result.Outcome is not (RunState.Completed or RunState.Pruned))
            return;
        if (failed)
            ticket.Avoids |= used;
        for (var suspected = health.Add(used, ticket.Number, failed); suspected != 0; suspected &= suspected - 1)
        {
            var device = BitOperations.TrailingZeroCount(suspected);
            if (!_queue.TryTakeOut(_sweep.Lane, device))
                continue;
            var retired = Describe(health, device);
            health.Clear();
            LogRetired(_logger, retired.Reason);
            _observer.DeviceRetired(retired);
            return;
        }
    }

    private DeviceRetired Describe(DeviceHealth health, int device)
    {
        var gpu = _sweep.Lane.Allotment.Devices[device];
        var runs = health.FailedOn(device);
        var (ended, failed) = health.Elsewhere(device);
        var named = string.Join(", ", runs.TakeLast(MostRunsNamed).Select(n => n.ToString(CultureInfo.InvariantCulture)));
        return new DeviceRetired(gpu.Name, _sweep.Lane.Pool.Name, runs, string.Create(
            CultureInfo.InvariantCulture,
            $"{gpu.Name} ({gpu.Model}) of pool '{_sweep.Lane.Pool.Name}' is out of service: the last {runs.Count} runs on it failed "
            + $"({(runs.Count > MostRunsNamed ? "the latest: " : "")}{named}), while {ended - failed} of {ended} on other devices did not"));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}.")]
    private static partial void LogRetired(ILogger logger, string reason);
}
