using Orchestrator.Tests.Support;
using Orchestrator.Tracking;
using static Orchestrator.Tests.Tracking.TestRuns;

namespace Orchestrator.Tests.Tracking;

[Collection(nameof(ThreadPoolAlone))]
public sealed class BlockingTrackerTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly TestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Set_TrackerThatBlocksItsThread_LeavesThePoolToOthers()
    {
        using var let = new ManualResetEventSlim();
        var bad = new ScriptedTracker("bad", _ =>
        {
            let.Wait(Long);
            return Task.CompletedTask;
        });
        var good = new ScriptedTracker("good");
        using var log = new ListLogger<RunTrackingFactory>();
        var factory = new RunTrackingFactory([bad, good], log, TimeProvider.System);
        for (var run = 0; run < 200; run++)
        {
            var set = factory.Start(_runs.Run(), ["bad", "good"])!;
            set.Report(new[] { Point("loss", 0, 0) });
            set.End(Completed());
        }

        // Held by 200 trackers, the pool would take a minute and more to get here: it grows by one or two threads a second.
        await Task.Run(() => { }, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var held = bad.Calls.Count;
        let.Set();
        await factory.DrainAsync(Long);

        Assert.InRange(held, 0, 8);
        Assert.Equal(200, good.Values.Length);
    }
}
