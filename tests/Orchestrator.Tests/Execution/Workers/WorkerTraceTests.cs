using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Execution;
using Orchestrator.Execution.Processes;
using Orchestrator.Execution.Workers;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Execution.Workers;

public sealed class WorkerTraceTests
{
    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData(null, false)]
    public async Task Code_InAWorkersProcess_IsTracedBelowItsAttempt(string? traceParent, bool traced)
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using var bench = new SweepBench();
        var (ours, theirs) = Descriptor.SocketPair();
        using var stream = new WireStream(ours);
        using var other = theirs;
        using var channel = new WorkerChannel(stream, TimeProvider.System);
        var parameters = new ParameterSet([new("x", 1)]);
        var info = new RunInfo
        {
            Id = "s/000001", Name = "n", SweepId = "s", SweepName = "s", Project = "p", Number = 1, Proposal = 1, Replicate = 0, Seed = 0, Attempt = 1,
            Parameters = parameters, Worker = "w", Device = "cpu", StartedAt = DateTimeOffset.UnixEpoch, Folder = new RunFolder(bench.Home, parameters),
            TraceParent = traceParent,
        };
        using var port = new WorkerPort(info, 1, channel, TimeProvider.System, () => NullLogger.Instance);
        Activity? seen = null;
        var flow = new RunFlow(bench.Services, TrainableRunner.OfDelegate("test", async (_, _) =>
        {
            await Task.Yield();
            seen = Activity.Current;
        }), port);

        ExecutionContext.Run(ExecutionContext.Capture()!, _ => flow.Start(), null);
        await flow.Body!;

        Assert.Equal(traced, seen is not null);
        Assert.Equal((traceParent, traced), (seen?.ParentId, seen?.Recorded ?? false));
        Assert.Equal(traced, seen?.IsStopped ?? false);
        Assert.Null(Activity.Current);
    }
}
