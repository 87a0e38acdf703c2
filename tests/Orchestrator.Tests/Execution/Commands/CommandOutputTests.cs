using System.Text;
using Orchestrator.Execution;
using Orchestrator.Execution.Commands;
using Orchestrator.Storage;
using Orchestrator.Tests.Tracking;

namespace Orchestrator.Tests.Execution.Commands;

public sealed class CommandOutputTests : IDisposable
{
    private readonly TestRuns _runs = new();
    private readonly RunAttempt _attempt;

    public CommandOutputTests() => _attempt = _runs.Attempt();

    public void Dispose()
    {
        _attempt.Dispose();
        _runs.Dispose();
    }

    [Fact]
    public void TakeOutput_LaterLinesHaveNulls_TheirNumbersCountAndTheRestIsSaidOnce()
    {
        Take("{\"step\": 0, \"loss\": 5, \"acc\": 0.1}\n", "{\"step\": 1, \"loss\": 4, \"acc\": null}\n{\"step\": 2, \"loss\": 3, \"acc\": null}\n");

        Assert.Equal(["loss@0=5", "acc@0=0.1", "loss@1=4", "loss@2=3"], Points());
        Assert.Single(Log, l => l.EndsWith("WRN 'acc' is null, and is left out: a metric's value is a number.", StringComparison.Ordinal));
        Assert.Contains("{\"step\": 2, \"loss\": 3, \"acc\": null}", Log);
    }

    [Fact]
    public void TakeOutput_ObjectsWithoutNumbers_WarnOfMetricsOnly()
    {
        Take("{\"event\": \"begin\", \"step\": 1}\n{\"loss\": null}\n{\"acc\": 1}\n{\"acc\": \"high\", \"event\": \"end\"}\n");

        Assert.Equal(["acc@0=1"], Points());
        Assert.Equal(["'loss' is null", "'acc' is a text"], Log.Where(l => l.Contains(" WRN ", StringComparison.Ordinal)).Select(l => l[29..l.IndexOf(',', 29)]));
    }

    [Theory]
    [InlineData("{'loss': 0.5, 'epoch': 1.0}\n", "no JSON object")]
    [InlineData("INFO:root:{\"loss\": 0.5}\n", "no JSON object")]
    [InlineData("{\"loss\": 0.5,}\n", "no JSON object")]
    [InlineData("loss: 0.5\nthe 'loss' is high\n{\"other\": 1, \"t\": \"'loss'\"}\n", null)]
    public void TakeOutput_LineNamesTheMetricAndIsNoReport_IsSaidOnce(string text, string? warning)
    {
        Take(text, text);

        var said = Log.Where(l => l.Contains("WRN 'loss'", StringComparison.Ordinal)).ToList();
        if (warning is null)
            Assert.Empty(said);
        else
            Assert.Contains(warning, Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void TakeError_Report_IsSaidToBeOnTheWrongStream()
    {
        using var other = _runs.Attempt(_runs.Run(1));
        foreach (var attempt in (RunAttempt[])[_attempt, other])
        {
            var output = new CommandOutput(attempt);
            output.TakeError("{\"loss\": 0.5}\n"u8);
            if (attempt == other)
                output.TakeOutput("{\"loss\": 0.5}\n"u8);
            output.End();
        }

        Assert.Empty(Points());
        Assert.Contains(TestRuns.LogOf(_attempt.Info), l => l.Contains("'loss' is named by a line of standard error", StringComparison.Ordinal));
        Assert.DoesNotContain(TestRuns.LogOf(other.Info), l => l.Contains(" WRN ", StringComparison.Ordinal)); // it reports, and tells its log as well
    }

    [Fact]
    public void TakeOutput_CarriageReturns_EndLinesForReportsAndForTheLog()
    {
        Take(" 10%|#  |\r 20%|## |\r{\"loss\": 1}\r", "\n{\"loss\": 2}\r\nword\r", "\nlast\r");

        Assert.Equal(["loss@0=1", "loss@1=2"], Points());
        Assert.Equal([" 10%|#  |", " 20%|## |", "word", "last"], Log);
    }

    [Fact]
    public void TakeOutput_LineIsOverwrittenAMillionTimes_CostsNextToNothing()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var chunk = 0; chunk < 1_000; chunk++)
            Take(string.Concat(Enumerable.Range(chunk * 1_000, 1_000).Select(i => $"{i}\r")));
        Take("done\n");

        Assert.InRange(Log.Length, 12, 60);
        Assert.Equal(["999999", "done"], Log[^2..]);
        Assert.Contains("lines that were overwritten are left out", Log[^3], StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000); // mostly the test's own texts
    }

    [Fact]
    public void TakeError_Pattern_ReadsValuesFromEitherStream()
    {
        var output = new CommandOutput(_attempt, ReportPattern.Parse(@"loss=(?<loss>\S+)"));

        output.TakeOutput("epoch 1 loss=3\n{\"acc\": 1}\n"u8);
        output.TakeError("epoch 2 loss=2\repoch 3 loss=1\n"u8);
        output.End();

        Assert.Equal(["loss@0=3", "acc@1=1", "loss@2=2", "loss@3=1"], Points());
        Assert.Contains("epoch 1 loss=3", Log);
    }

    [Fact]
    public void TakeOutput_LineThatIsTooLong_IsSaid_AndItsPartsAreNoReports()
    {
        Take(new string('{', 1) + new string('x', (1024 * 1024) - 1), "{\"loss\": 1}\n", "{\"loss\": 2}\n");

        Assert.Equal(["loss@0=2"], Points());
        Assert.Single(Log, l => l.Contains("longer than 1 MiB", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TakeOutput_AnyMixture_LosesNoReport(int part)
    {
        for (var seed = part * 250; seed < (part + 1) * 250; seed++)
        {
            var mixture = OutputMixture.Of(seed);
            using var attempt = _runs.Attempt(_runs.Run(seed));
            var output = new CommandOutput(attempt);

            foreach (var piece in mixture.Pieces)
                output.TakeOutput(piece);
            output.End();

            Assert.True(mixture.Reports.SequenceEqual(Points(attempt)), $"seed {seed}: expected {string.Join(' ', mixture.Reports)}, found {string.Join(' ', Points(attempt))}");
        }
    }

    private string[] Log
    {
        get
        {
            _output?.End();
            return TestRuns.LogOf(_attempt.Info);
        }
    }

    private CommandOutput? _output;

    private void Take(params string[] pieces)
    {
        _output ??= new CommandOutput(_attempt);
        foreach (var piece in pieces)
            _output.TakeOutput(Encoding.UTF8.GetBytes(piece));
    }

    private string[] Points() => Points(_attempt);

    private static string[] Points(RunAttempt attempt) =>
        [.. attempt.Reports.Drain([], out _, out _).Select(p => FormattableString.Invariant($"{p.Metric}@{p.Step}={p.Value}"))];
}
