using System.Globalization;
using Orchestrator.Execution.Commands;

namespace Orchestrator.Tests.Execution.Commands;

public sealed class ReportPatternTests
{
    [Theory]
    [InlineData(@"epoch (?<step>\d+).*loss=(?<loss>\S+)", "INFO epoch 3/10, loss=0.25, lr=1e-3", 3L, "loss=0.25")]
    [InlineData(@"loss=(?<loss>\S+) acc=(?<acc>\S+)", "loss=nan acc=-inf", null, "loss=NaN acc=-Infinity")]
    [InlineData(@"([\w|-]+)\s*=\s*([+-]?\d*(\.\d+)?([Ee][+-]?\d+)?)", "{metricName: x} loss=0.5 val-loss = 2e-3 name=text", null, "loss=0.5 val-loss=0.002")]
    [InlineData(@"(?<name>\w+): (?<value>[\d.]+)", "a: 1, b: 2.", null, "a=1 b=2")]
    [InlineData(@"loss=(?<loss>\S+)", "nothing here", null, "")]
    [InlineData(@"loss=(?<loss>\S+)", "loss=high", null, "")]
    public void Read_Line_GivesItsValues(string pattern, string line, long? step, string metrics)
    {
        var values = new List<(string Name, double Value)>();

        Assert.Equal(step, ReportPattern.Parse(pattern).Read(line, values, out var hasOddStep));
        Assert.False(hasOddStep);
        Assert.Equal(metrics, string.Join(' ', values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Name}={v.Value}"))));
    }

    [Theory]
    [InlineData("step 9007199254740993 loss=1", 9007199254740993L, false)]
    [InlineData("step 1e3 loss=1", 1000L, false)]
    [InlineData("step 2.5 loss=1", null, true)]
    [InlineData("step 9223372036854775808 loss=1", null, true)]
    public void Read_Step_IsAWholeNumberOrSaidToBeNone(string line, long? step, bool isOdd)
    {
        Assert.Equal(step, ReportPattern.Parse(@"step (?<step>\S+) loss=(?<loss>\S+)").Read(line, [], out var hasOddStep));
        Assert.Equal(isOdd, hasOddStep);
    }

    [Theory]
    [InlineData("loss=(", "is no regular expression")]
    [InlineData("loss=", "says neither names nor values")]
    [InlineData(@"loss=(\S+)", "says neither names nor values")]
    [InlineData("(?<name>a)", "a", false)]
    [InlineData(@"(?<=x)loss=(?<loss>\S+)", "looks ahead or behind")]
    public void Parse_NoSuchExpression_IsRefusedWithTheReason(string pattern, string reason, bool isRefused = true)
    {
        if (isRefused)
            Assert.Contains(reason, Assert.Throws<ArgumentException>(() => ReportPattern.Parse(pattern)).Message, StringComparison.Ordinal);
        else
            ReportPattern.Parse(pattern); // a metric may be called 'name'
    }
}
