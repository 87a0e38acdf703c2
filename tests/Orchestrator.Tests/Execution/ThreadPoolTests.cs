using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Execution;

[Collection(nameof(ThreadPoolAlone))]
public sealed class ThreadPoolTests
{
    [Fact]
    public async Task Sweep_WhileUserCodeHoldsTheThreadPool_GoesOn()
    {
        await using var bench = new SweepBench();
        var let = new ManualResetEventSlim(); // not disposed: the last of those who wait may look at it after the test
        using var reached = new ManualResetEventSlim();
        var sweep = bench.RunAsync(SweepBench.Definition(300), (run, token) =>
        {
            if (run.Info.Number == 1)
                for (var i = 0; i < 300; i++)
                    ThreadPool.UnsafeQueueUserWorkItem(_ => let.Wait(TimeSpan.FromSeconds(60)), null);
            if (run.Info.Number == 299)
                reached.Set();
            return TestRuns.Report(run, token);
        });

        // Not by the pool: it is what this test takes away.
        var ended = reached.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        let.Set();

        Assert.True(ended, "the last run was not reached while the pool was held");
        Assert.Equal(300, (await sweep).Counts.Completed);
    }
}
