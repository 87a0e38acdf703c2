using System.Globalization;
using System.Text;
using Orchestrator.Execution.Commands;

namespace Orchestrator.Tests.Execution.Commands;

public sealed class ReportLineTests
{
    private readonly ReportLine _line = new();

    [Theory]
    [InlineData("""{"step": 3, "valLoss": 0.31}""", 3L, "valLoss=0.31")]
    [InlineData("""  { "a" :1 , "b":-2.5e-3,"c":NaN , "d": Infinity, "e": -Infinity }  """, null, "a=1 b=-0.0025 c=NaN d=∞ e=-∞")]
    [InlineData("""{"loss": 1, "step": 7.0}""", 7L, "loss=1")]
    [InlineData("""{"step": 9007199254740993, "a": 1}""", 9007199254740993L, "a=1")]
    [InlineData("""{"step": -9223372036854775808, "a": 1}""", long.MinValue, "a=1")]
    [InlineData("{\"a\\u00e4\\\"b\": 1}\r\n", null, "aä\"b=1")]
    [InlineData("""{"größe": 1}""", null, "größe=1")]
    [InlineData("""{"train": {"loss": 1, "by": {"class": 2}}, "step": 4}""", 4L, "train.loss=1 train.by.class=2")]
    [InlineData("\u001b[K\u001b[32m{\"a\": 1}\u001b[0m\r", null, "a=1")]
    [InlineData("\uFEFF{\"a\": 1}", null, "a=1")]
    public void TryRead_ObjectOfNumbers_IsAReport(string text, long? step, string metrics)
    {
        Assert.True(_line.TryRead(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(step, _line.Step);
        Assert.Equal(metrics, Metrics);
        Assert.Empty(_line.LeftOut);
    }

    [Theory]
    [InlineData("""{"a": 1, "b": null}""", "a=1", "b is null")]
    [InlineData("""{"a": 1, "b": "text, }", "c": true, "d": false}""", "a=1", "b is a text; c is true or false; d is true or false")]
    [InlineData("""{"a": 1, "b": [1, [2, {"x": "]"}], NaN], "o": {"t": "x", "n": 2}}""", "a=1 o.n=2", "b is a list; o.t is a text")]
    [InlineData("""{"step": 3.5, "a": 1}""", "a=1", "step is not a whole number of 64 bits, so reports are counted instead")]
    [InlineData("""{"step": 9223372036854775808, "a": 1}""", "a=1", "step is not a whole number of 64 bits, so reports are counted instead")]
    [InlineData("""{"step": null, "a": 1}""", "a=1", "step is null")]
    [InlineData("""{"": 1, "a": 1}""", "a=1", " has no name")]
    [InlineData("""{"a": "1"}""", "", "a is a text")]
    [InlineData("""{"step": 3}""", "", "")]
    [InlineData("{}", "", "")]
    public void TryRead_SomeValuesAreNoNumbers_TheyAreLeftOutWithTheReason(string text, string metrics, string leftOut)
    {
        Assert.True(_line.TryRead(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(metrics, Metrics);
        Assert.Equal(leftOut, string.Join("; ", _line.LeftOut.Select(l => $"{l.Name} {l.Reason}")));
        Assert.Null(_line.Metrics.Length > 0 ? _line.Step : null);
    }

    [Fact]
    public void TryRead_NameIsTooLong_OnlyItIsLeftOut()
    {
        Assert.True(_line.TryRead(Encoding.UTF8.GetBytes($"{{\"{new string('n', 1_001)}\": 1, \"{new string('m', 1_000)}\": 2}}")));
        Assert.Equal(2, Assert.Single(_line.Metrics.ToArray()).Value);
        Assert.Contains("more than 1000 characters", Assert.Single(_line.LeftOut).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"a": 1,}""")]
    [InlineData("""{"a": 1 "b": 2}""")]
    [InlineData("""{"a": +1}""")]
    [InlineData("""{"a": 1.}""")]
    [InlineData("""{"a": 0x10}""")]
    [InlineData("""{"a": nan}""")]
    [InlineData("""{"a": 1} trailing""")]
    [InlineData("""{"a": {"b": 1}""")]
    [InlineData("""{"a": [1}""")]
    [InlineData("""{"a": tru}""")]
    [InlineData("""{a: 1}""")]
    [InlineData("""{"a": 1""")]
    [InlineData("""{"a\": 1}""")]
    [InlineData("""{"a\x": 1}""")]
    [InlineData("""{"a\ud800": 1}""")]
    public void TryRead_NoObject_IsNone(string text) => Assert.False(_line.TryRead(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void TryRead_NestedWithoutEnd_IsNone() =>
        Assert.False(_line.TryRead(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000))));

    private string Metrics => string.Join(' ', _line.Metrics.ToArray()
        .Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Name}={m.Value}").Replace("Infinity", "∞", StringComparison.Ordinal)));
}
