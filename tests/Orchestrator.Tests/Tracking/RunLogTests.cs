using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Tracking;
using static Orchestrator.Tests.Tracking.TestRuns;

namespace Orchestrator.Tests.Tracking;

public sealed class RunLogTests : IDisposable
{
    private readonly TestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Folder_NothingLogged_IsNotMade()
    {
        var run = _runs.Run();
        using var attempt = _runs.Attempt(run);
        Assert.Null(attempt.LogTail);
        Assert.Null(attempt.Log.Tail());
        Assert.True(attempt.TryEnd());
        Assert.False(Directory.Exists(run.Folder.FullPath));
    }

    [Fact]
    public void Write_IsReadableAtOnce()
    {
        var run = _runs.Run();
        using var log = new RunLog(run);
        log.Write("one\ntwo");
        Assert.Equal(["one", "two"], LogOf(run));
        log.Write("größe 🦦");
        Assert.Equal("größe 🦦", LogOf(run)[^1]);
    }

    [Fact]
    public void Write_LaterAttempt_AppendsUnderAHeader()
    {
        using (var first = new RunLog(_runs.Run()))
            first.Write("a");
        using (var second = new RunLog(_runs.Run(attempt: 2)))
            second.Write("b");
        Assert.Equal(["a", "--- attempt 2, 2026-11-21T12:00:00.000Z, w1 ---", "b"], LogOf(_runs.Run()));
    }

    [Fact]
    public void Write_BeyondTheCap_SaysSoOnceAndKeepsTheTail()
    {
        var run = _runs.Run();
        using var log = new RunLog(run, cap: 100);
        for (var i = 0; i < 50; i++)
            log.Write(string.Create(CultureInfo.InvariantCulture, $"line {i:D4}")); // 10 bytes each
        var lines = LogOf(run);
        Assert.Equal(11, lines.Length);
        Assert.Equal("line 0009", lines[9]);
        Assert.Contains("capped at 100 bytes", lines[10], StringComparison.Ordinal);
        Assert.Equal(40, log.Capped);
        Assert.Equal(Enumerable.Range(30, 20).Select(i => $"line {i:D4}"), log.Tail()!.Split('\n'));
    }

    [Theory]
    [InlineData(0, 4)] // its end is the cap, to the byte
    [InlineData(1, 3)]
    [InlineData(9, 3)]
    [InlineData(39, 0)]
    public void Write_ManyLinesOfWhichSomeFit_KeepsThose(int tooMany, int kept)
    {
        var run = _runs.Run();
        using var log = new RunLog(run, cap: 40 - tooMany);

        log.Write(string.Join('\n', Enumerable.Range(0, 5).Select(i => $"line {i:D4}"))); // 10 bytes each

        var lines = LogOf(run);
        Assert.Equal(Enumerable.Range(0, kept).Select(i => $"line {i:D4}"), lines[..^1]);
        Assert.Contains($"capped at {40 - tooMany} bytes", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Tail_LongLine_IsCut()
    {
        using var log = new RunLog(_runs.Run());
        log.Write(new string('x', 100_000));
        Assert.Equal(2_000, log.Tail()!.Length);
    }

    [Fact]
    public async Task Write_EightThreads_TearNoLine()
    {
        var run = _runs.Run();
        using var log = new RunLog(run);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 500; i++)
                    log.Write(string.Create(CultureInfo.InvariantCulture, $"{thread} {i} {new string((char)('a' + thread), 60)}"));
            },
            default,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        var expected = Enumerable.Range(0, 8).SelectMany(thread => Enumerable.Range(0, 500).Select(i => $"{thread} {i} {new string((char)('a' + thread), 60)}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), LogOf(run).Order(StringComparer.Ordinal));
        Assert.Equal(0, log.Lost);
    }

    [Fact]
    public void Attempt_Ended_LateLinesAreDroppedAndCounted()
    {
        var run = _runs.Run();
        using var attempt = _runs.Attempt(run);
        attempt.Log.Write("in time");
        Assert.True(attempt.TryEnd());
        attempt.Log.Write("late");
        Assert.Equal(["in time"], LogOf(run));
        Assert.Equal(1, attempt.Log.Late);
        Assert.Equal("in time", attempt.LogTail);
    }

    [Fact]
    public void Attempt_EndedBeforeItsLogWasAskedFor_TakesNothing()
    {
        var run = _runs.Run();
        using var attempt = _runs.Attempt(run);
        attempt.TryEnd();
        attempt.Log.Write("late");
        Assert.Equal(1, attempt.Log.Late);
        Assert.False(Directory.Exists(run.Folder.FullPath));
    }

    [Fact]
    public void Write_FolderCannotBeMade_IsCountedAndThrowsNothing()
    {
        File.WriteAllText(Path.Combine(_runs.Home, "sweeps"), "in the way");
        using var log = new RunLog(_runs.Run());
        log.Write("a");
        log.Write("b");
        Assert.Equal(2, log.Lost);
        Assert.Equal("a\nb", log.Tail());
    }

    [Fact]
    public void Logger_WithoutAHost_WritesToTheRunsLog()
    {
        var run = _runs.Run();
        using var attempt = _runs.Attempt(run);
        var logger = new RunContext(attempt).Logger;
#pragma warning disable CA1848, CA1873, CA2254 // as user code logs
        logger.LogInformation("epoch {Epoch}", 3);
        logger.LogDebug("not shown");
        logger.LogError(new InvalidOperationException("boom"), "failed");
#pragma warning restore CA1848, CA1873, CA2254
        var lines = LogOf(run);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INF epoch 3$", lines[0]);
        Assert.EndsWith("ERR failed", lines[1], StringComparison.Ordinal);
        Assert.Equal("System.InvalidOperationException: boom", lines[2]);
        Assert.Equal(3, lines.Length);
    }
}
