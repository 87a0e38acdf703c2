using Orchestrator.Configuration;
using Orchestrator.Sweeps;

namespace Orchestrator.Tests.Configuration;

/// <summary><c>when</c> takes every value that a parameter may have, null and lists among them.</summary>
public sealed class ConditionValueTests
{
    [Theory]
    [InlineData("{scheduler: [null, cosine], gamma: {values: [0.1, 0.2], when: {scheduler: null}}}", 3)]
    [InlineData("{scheduler: [null, cosine, step], gamma: {values: [0.1, 0.2], when: {scheduler: [null, step]}}}", 5)]
    [InlineData("{layers: [[64, 64], [32]], gamma: {values: [0.1, 0.2], when: {layers: [[64, 64]]}}}", 3)]
    [InlineData("{layers: [[64, 64], [32]], gamma: {values: [0.1, 0.2], when: {layers: [64, 64]}}}", 3)]
    [InlineData("{layers: [[64, 64], [32]], gamma: {values: [0.1, 0.2], when: {layers: [[64, 64], [32]]}}}", 4)]
    [InlineData("{model: {values: [{a: 1}, {a: 2}]}, gamma: {values: [0.1, 0.2], when: {model: [{a: 1}]}}}", 3)]
    public void Read_ConditionOnAnyValue_Holds_AndIsWrittenBackAsItWas(string parameters, int points)
    {
        var read = SweepFileReader.ReadText($"{{trainable: anything, metric: {{name: l, goal: minimize}}, parameters: {parameters}}}", "s.yaml", TestCatalog.Instance);
        Assert.Empty(read.Problems);
        Assert.Equal(points, SweepPlan.Create(read.Definition!, TestCatalog.Instance, hasDelegate: false, origin: null).Runs);
        var json = SweepFileWriter.ToJson(read.Definition!);
        var again = SweepFileReader.ReadText(json, "s.json", TestCatalog.Instance);
        Assert.Empty(again.Problems);
        Assert.Equal(json, SweepFileWriter.ToJson(again.Definition!));
    }

    [Fact]
    public void Read_ConditionOnAValueThatNeverOccurs_IsAnError() =>
        Assert.Equal("SWP133", Assert.Single(SweepFileReader.ReadText(
            "{trainable: anything, metric: {name: l, goal: minimize}, parameters: {s: [a, b], g: {value: 1, when: {s: null}}}}", "s.yaml", TestCatalog.Instance).Problems).Problem.Code);
}
