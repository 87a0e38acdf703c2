using Orchestrator.Cli;
using Orchestrator.Cli.Progress;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Cli;

public sealed class LiveProgressTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StringWriter _terminal = new();
    private TerminalSize _size = new(100, 24);

    public void Dispose() => _terminal.Dispose();

    [Theory]
    [InlineData(100, 24, 3)]
    [InlineData(30, 24, 3)]
    [InlineData(10, 5, 3)]
    [InlineData(80, 8, 40)]
    [InlineData(1, 1, 1)]
    [InlineData(300, 50, 0)]
    public void Draw_AnySizeAndNumberOfWorkers_FitsTheTerminal(int width, int height, int workers)
    {
        _size = new TerminalSize(width, height);
        using var progress = Progress();
        progress.SweepStarted(Sweep(), workers);
        for (var i = 0; i < workers; i++)
            progress.RunStarted(new FakeRun(Info(i, $"cpu-{i + 1}")));
        progress.Draw();
        var lines = Frame();
        Assert.True(lines.Length <= Math.Max(1, height - 1), $"{lines.Length} lines on a terminal of {height}");
        Assert.All(lines, line => Assert.True(line.Length <= Math.Max(1, width - 1), $"'{line}' on a terminal of {width}"));
    }

    [Fact]
    public void Draw_EveryWidth_FitsTheTerminal()
    {
        for (var width = 1; width <= 160; width++)
        {
            _size = new TerminalSize(width, 24);
            using var progress = Progress();
            progress.SweepStarted(Sweep(), 2);
            progress.RunStarted(new FakeRun(Info(1, "cpu-1")) { Value = (0.123456, 1234567) });
            progress.Draw();
            Assert.All(Frame(), line => Assert.True(line.Length <= Math.Max(1, width - 1), $"'{line}' on a terminal of {width}"));
        }
    }

    [Fact]
    public void Steered_FromElsewhere_IsSaidAndShown()
    {
        using var progress = Progress();
        progress.SweepStarted(Sweep(), 1);
        progress.SweepSteered(new SweepSteered(SweepState.Paused, "Nothing new is started.", 100, IsStopping: false));
        progress.Draw();
        Assert.Contains("on request: Nothing new is started.", _terminal.ToString(), StringComparison.Ordinal);
        Assert.Contains("paused", Frame()[1], StringComparison.Ordinal);

        progress.SweepSteered(new SweepSteered(SweepState.Running, "From now on limits.maxRuns is 250.", 250, IsStopping: false));
        progress.Draw();
        Assert.DoesNotContain("paused", Frame()[1], StringComparison.Ordinal);
        Assert.Contains("0/250 runs", Frame()[2], StringComparison.Ordinal);

        progress.SweepStopping("enough");
        progress.SweepSteered(new SweepSteered(SweepState.Running, "From now on limits.maxRuns is 300.", 300, IsStopping: true));
        progress.Draw();
        Assert.Contains("stopping: enough", Frame()[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_MoreWorkersThanRows_SaysHowManyAreNotShown()
    {
        _size = new TerminalSize(80, 10);
        using var progress = Progress();
        progress.SweepStarted(Sweep(), 40);
        for (var i = 0; i < 40; i++)
            progress.RunStarted(new FakeRun(Info(i, $"cpu-{i + 1}")));
        progress.Draw();
        Assert.Equal("and 36 more workers", Frame()[^1].TrimEnd());
    }

    [Fact]
    public void Draw_NothingChanged_WritesNothing()
    {
        using var progress = Progress();
        progress.SweepStarted(Sweep(), 1);
        var run = new FakeRun(Info(0, "cpu-1"));
        progress.RunStarted(run);
        progress.Draw();
        var written = _terminal.ToString().Length;
        progress.Draw();
        Assert.Equal(written, _terminal.ToString().Length);
        run.Value = (0.25, 7);
        progress.Draw();
        Assert.Contains("0.25", _terminal.ToString()[written..], StringComparison.Ordinal);
    }

    [Fact]
    public void Timer_DrawsEightTimesASecond_NotOftener()
    {
        using var progress = Progress();
        progress.SweepStarted(Sweep(), 1);
        Assert.Empty(_terminal.ToString());
        _time.Advance(TimeSpan.FromMilliseconds(130));
        Assert.Contains("demo", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_IsPrintedAboveTheTable()
    {
        using var progress = Progress();
        progress.SweepStarted(Sweep(), 1);
        progress.Draw();
        var before = _terminal.ToString().Length;
        var failure = new RunFailure { Kind = FailureKind.Exception, Message = "no luck\nsecond line", Fingerprint = "0" };
        progress.RunEnded(new RunEnded(Info(4, "cpu-1"), RunState.Failed, RunState.Failed, null, failure, _time.GetUtcNow(), false));
        progress.Draw();
        var frame = _terminal.ToString()[before..];
        var line = frame.IndexOf("run 000004 failed: exception: no luck", StringComparison.Ordinal);
        Assert.True(line >= 0 && line < frame.IndexOf("demo", StringComparison.Ordinal));
        Assert.DoesNotContain("second line", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_GivesTheCursorBack_AndKeepsWhatWasSaid()
    {
        var progress = Progress();
        progress.SweepStarted(Sweep(), 1);
        progress.Draw();
        var before = _terminal.ToString().Length;
        progress.Say("a line");
        progress.Dispose();
        progress.Dispose();
        Assert.EndsWith("\e[?25h", _terminal.ToString(), StringComparison.Ordinal);
        Assert.Contains("a line", _terminal.ToString()[before..], StringComparison.Ordinal);
    }

    private LiveProgress Progress() => new(_terminal, includeOutput: false, color: false, () => _size, _time);

    private string[] Frame()
    {
        var text = _terminal.ToString();
        text = text[(text.LastIndexOf("\e[?25l", StringComparison.Ordinal) + 6)..];
        return text.Replace("\e[K", "", StringComparison.Ordinal).Replace("\e[J", "", StringComparison.Ordinal).Trim('\r', '\n').Split('\n');
    }

    private static SweepRecord Sweep() => new()
    {
        Id = "20260101-000000-abcd",
        Name = "demo [with brackets]",
        Project = "Default",
        State = SweepState.Running,
        Method = "grid",
        Metric = Metric.Minimize("a metric with quite a long name"),
        Identity = "",
        Definition = """{"parameters": {"x": [1, 2]}}""",
        PlannedRuns = 100,
    };

    private RunInfo Info(long number, string worker)
    {
        var parameters = new ParameterSet([KeyValuePair.Create<string, ParameterValue>("x", new string('p', 60)), KeyValuePair.Create<string, ParameterValue>("y", 2)]);
        return new RunInfo
        {
            Id = RunRecord.IdOf("20260101-000000-abcd", number),
            Name = "quiet-harbor-417",
            SweepId = "20260101-000000-abcd",
            SweepName = "demo",
            Project = "Default",
            Number = number,
            Proposal = number,
            Replicate = 0,
            Seed = 1,
            Attempt = 1,
            Parameters = parameters,
            Metric = Sweep().Metric,
            Worker = worker,
            Device = "cpu",
            StartedAt = _time.GetUtcNow(),
            Folder = new RunFolder("none", parameters),
        };
    }

    private sealed class FakeRun(RunInfo info) : IRunningRun
    {
        public (double Value, long Step)? Value { get; set; }

        public RunInfo Info => info;

        public (double Value, long Step)? Latest(string metric) => Value;
    }
}
