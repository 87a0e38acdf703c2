using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Tracking;

/// <summary>Through the whole engine: a broken tracker costs its run nothing, the others nothing, and what it lost is kept with the run.</summary>
public sealed class TrackerLossTests : IAsyncDisposable
{
    private const int Steps = 20;

    private readonly ScriptedTracker _good = new("good");
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SweepBench? _bench;

    public async ValueTask DisposeAsync()
    {
        _gate.TrySetResult();
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [Theory]
    [InlineData("StartAsync", Steps)]
    [InlineData("ReportAsync", Steps)]
    [InlineData("EndAsync", 0)]
    public async Task Sweep_TrackerThrows_RunCompletesAndTheLossIsKept(string member, long lost)
    {
        var run = await OneRunAsync(new ScriptedTracker("bad", at => at == member ? throw new IOException("no\nway") : Task.CompletedTask));
        var loss = Assert.Single(run.TrackerLosses);
        Assert.Equal(new TrackerLoss("bad", 1, lost, $"failed in {member}: IOException: no way"), loss);
    }

    [Fact]
    public async Task Sweep_TrackerBlocksForEver_RunCompletesAndTheLossIsKept()
    {
        var run = await OneRunAsync(new ScriptedTracker("bad", at => at == "ReportAsync" ? _gate.Task : Task.CompletedTask));
        var loss = Assert.Single(run.TrackerLosses);
        Assert.Equal(new TrackerLoss("bad", 1, Steps, "did not finish in time and was given up"), loss);
    }

    [Fact]
    public async Task Sweep_TrackersDiskIsFull_RunCompletesAndTheLossIsKept()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        var run = await OneRunAsync(null, "csv", folder => File.CreateSymbolicLink(Path.Combine(folder, "metrics.csv"), "/dev/full"));
        var loss = Assert.Single(run.TrackerLosses);
        Assert.Equal(("csv", 1, (long)Steps), (loss.Tracker, loss.Attempt, loss.Points));
        Assert.Contains("No space left on device", loss.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_TrackerIsNotKnown_RunCompletesAndThatIsKept()
    {
        _bench = new SweepBench(configure: b => b.Services.Configure<OrchestratorOptions>(o => o.Trackers.Add("gone")));
        var result = await _bench.RunAsync(SweepBench.Definition(1), Support.TestRuns.Report);
        var loss = Assert.Single(Assert.Single(await result.AllAsync()).TrackerLosses);
        Assert.Equal(new TrackerLoss("gone", 1, 0, "is not known to the program that executed the run"), loss);
    }

    [Fact]
    public async Task Sweep_TrackersLoseNothing_NothingIsKept()
    {
        var run = await OneRunAsync(new ScriptedTracker("bad"));
        Assert.Empty(run.TrackerLosses);
    }

    /// <summary>One run whose good trackers must have everything, whatever the bad one does.</summary>
    private async Task<RunRecord> OneRunAsync(ScriptedTracker? bad, string name = "bad", Action<string>? prepare = null)
    {
        _bench = new SweepBench(configure: b =>
        {
            b.AddTracker("good", _ => _good);
            if (bad is not null)
                b.AddTracker("bad", context => bad.Create(context));
        });
        var result = await _bench.RunAsync(SweepBench.Definition(1, d => d.Trackers = [name, "good", "jsonl"]), async (run, cancellation) =>
        {
            for (var step = 0; step < Steps; step++)
                await run.ReportAsync(step, [("loss", step)], cancellation);
        }, observer: new BeforeRuns(_bench.Home, prepare));
        Assert.Equal((1L, SweepState.Completed), (result.Counts.Completed, result.State));
        Assert.Equal(Enumerable.Range(0, Steps).Select(i => (double)i), _good.Values);
        Assert.Equal("EndAsync", _good.Calls.SkipLast(1).Last());
        Assert.Equal(Steps + 2, File.ReadAllLines(Path.Combine(_bench.Home, "sweeps", result.Id, "000000", "events.jsonl")).Length);
        return Assert.Single(await result.AllAsync());
    }

    private sealed class BeforeRuns(string home, Action<string>? prepare) : ISweepObserver
    {
        public void SweepStarted(SweepRecord sweep, int workers) =>
            prepare?.Invoke(Directory.CreateDirectory(Path.Combine(home, "sweeps", sweep.Id, "000000")).FullName);
    }
}
