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
    [InlineData("{\"a\\u00e4\\\"b\": 1}\r\n", null, "aä\"b=1")]
    [InlineData("""{"größe": 1}""", null, "größe=1")]
    public void Read_ObjectOfNumbers_IsAReport(string text, long? step, string metrics)
    {
        Assert.True(_line.TryRead(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(step, _line.Step);
        Assert.Equal(metrics, string.Join(' ', _line.Metrics.ToArray().Select(m => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{m.Name}={m.Value}"))
            .Select(m => m.Replace("Infinity", "∞", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"step": 3}""")]
    [InlineData("""{"step": 3.5, "a": 1}""")]
    [InlineData("""{"a": "1"}""")]
    [InlineData("""{"a": true}""")]
    [InlineData("""{"a": null}""")]
    [InlineData("""{"a": [1]}""")]
    [InlineData("""{"a": {"b": 1}}""")]
    [InlineData("""{"a": 1,}""")]
    [InlineData("""{"a": 1 "b": 2}""")]
    [InlineData("""{"a": +1}""")]
    [InlineData("""{"a": 1.}""")]
    [InlineData("""{"a": 0x10}""")]
    [InlineData("""{"a": nan}""")]
    [InlineData("""{"a": 1} trailing""")]
    [InlineData("""{a: 1}""")]
    [InlineData("""{"": 1}""")]
    [InlineData("""{"a": 1""")]
    [InlineData("""{"a\": 1}""")]
    [InlineData("""{"a\x": 1}""")]
    public void Read_AnythingElse_IsNone(string text) => Assert.False(_line.TryRead(Encoding.UTF8.GetBytes(text)));
}
