using Orchestrator.Execution.Workers;

namespace Orchestrator.Tests.Execution.Workers;

public sealed class FailureStreaksTests
{
    [Fact]
    public void Add_SpoiledProcess_IsReplacedAtTheThirdFailureAndProvenByTheNextSuccess()
    {
        var streaks = new FailureStreaks();

        Assert.Equal([false, false, true], Enumerable.Range(1, 3).Select(failed => streaks.Add(7, failed, isFirst: false, out _)));
        Assert.False(streaks.Add(8, 0, isFirst: false, out var unrelated)); // another process that was there before
        Assert.Null(unrelated);
        Assert.False(streaks.Add(9, 0, isFirst: true, out var proven));
        Assert.Equal(new FailureStreaks.Streak(7, 3), proven);
        Assert.False(streaks.Add(10, 0, isFirst: true, out proven)); // told once
        Assert.Null(proven);
    }

    [Fact]
    public void Add_RunsThatFailEverywhere_CostProcessesForTheLogarithmOfTheirNumber()
    {
        var streaks = new FailureStreaks();
        var (processes, inRow) = (1, 0);

        for (var run = 0; run < 100_000; run++)
        {
            inRow++;
            if (streaks.Add(processes, inRow, isFirst: inRow == 1, out var proven))
                (processes, inRow) = (processes + 1, 0);
            Assert.Null(proven);
        }

        Assert.Equal(16, processes); // 3 + 6 + 12 + ... + 49,152 < 100,000
    }

    [Fact]
    public void Add_SucceedsInNewProcesses_BearsFewerAgain()
    {
        var streaks = new FailureStreaks();
        for (var (process, inRow) = (1, 1); process < 4; inRow++)
        {
            if (streaks.Add(process, inRow, inRow == 1, out _))
                (process, inRow) = (process + 1, 0);
        }

        Assert.False(streaks.Add(4, 0, isFirst: true, out var proven)); // 24 would have been borne by a failure, 6 now

        Assert.Equal(12, proven?.Runs);
        Assert.Equal([false, true], new[] { 5, 6 }.Select(failed => streaks.Add(4, failed, isFirst: false, out _)));
    }
}
