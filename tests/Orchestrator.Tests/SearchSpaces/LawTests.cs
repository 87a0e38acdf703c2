using Orchestrator.Configuration;
using Orchestrator.Numerics;
using Orchestrator.SearchSpaces;
using Orchestrator.Tests.Configuration;

namespace Orchestrator.Tests.SearchSpaces;

/// <summary>Steps in log ranges, and normal laws with bounds, steps and integers.</summary>
public sealed class LawTests
{
    private const int Draws = 20_000;

    [Fact]
    public void LogRangeWithSteps_DrawsEachValueByItsWidthInTheLogarithm()
    {
        var values = Draw(Parameter.Float(0.1, 0.5, log: true, step: 0.1));
        double[] edges = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55];
        for (var i = 0; i < 5; i++)
        {
            var expected = Math.Log(edges[i + 1] / edges[i]) / Math.Log(edges[5] / edges[0]);
            Assert.Equal(expected, values.Count(v => v == Math.Round((i + 1) * 0.1, 1)) / (double)Draws, 0.015);
        }

        Assert.Equal(5, values.Distinct().Count());
        var integers = Draw(Parameter.Int(16, 256, log: true, step: 16));
        Assert.Equal(Enumerable.Range(1, 16).Select(i => i * 16.0), integers.Distinct().Order());
        Assert.True(integers.Count(v => v == 16) > 5 * integers.Count(v => v == 256));
    }

    [Fact]
    public void NormalLaw_WithBounds_IsCutOff_NotPiledUpAtThem()
    {
        var values = Draw(Parameter.Normal(0, 1, min: -1, max: 0.5));
        Assert.All(values, v => Assert.InRange(v, -1, 0.5));
        Assert.Equal(0.341345 / 0.532807, values.Count(v => v < 0) / (double)Draws, 0.015);
        Assert.Equal(Draws, values.Distinct().Count());
        Assert.All(Draw(Parameter.Normal(0, 1, min: 8, max: 9)), v => Assert.InRange(v, 8, 9)); // far out
        Assert.All(Draw(Parameter.Normal(0, 1, max: -20)), v => Assert.InRange(v, -21, -20));
        Assert.All(Draw(Parameter.LogNormal(0, 1, min: 0.5, max: 2)), v => Assert.InRange(v, 0.5, 2));
    }

    [Fact]
    public void NormalLaw_WithStepsAndIntegers_HasOnlySuchValues()
    {
        Assert.All(Draw(Parameter.Normal(0, 1, step: 0.1)), v => Assert.Equal(Math.Round(v, 1), v));
        Assert.Equal([0.05, 0.3, 0.55, 0.8], Draw(Parameter.Normal(0.5, 5, min: 0.05, max: 1, step: 0.25)).Distinct().Order());
        var space = Space(Parameter.Normal(64, 100, min: 1, max: 200, integer: true));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(ParameterKind.Integer, space.Parameters[0].Domain.FromUnit(i / 99.0).Kind));
        Assert.True(space.Parameters[0].Domain.Contains(7) && !space.Parameters[0].Domain.Contains(7.5) && !space.Parameters[0].Domain.Contains(0));
        Assert.Equal([4.0, 8, 12], Draw(Parameter.LogNormal(2, 1, min: 4, max: 15, step: 4, integer: true)).Distinct().Order());
    }

    [Theory]
    [InlineData("{min: 16, max: 256, step: 16, log: true}")]
    [InlineData("{min: 0.1, max: 0.5, step: 0.1, log: true}")]
    [InlineData("{distribution: normal, mean: 64, stddev: 20, min: 8, max: 128, step: 8, type: int}")]
    [InlineData("{distribution: normal, mean: 0, stddev: 1, max: 2}")]
    [InlineData("{distribution: logNormal, mean: 0, stddev: 1, step: 0.25}")]
    public void Read_LawOrRange_IsWrittenBackAsItWas(string parameter)
    {
        var read = SweepFileReader.ReadText($"{{trainable: anything, metric: {{name: l, goal: minimize}}, method: random, limits: {{maxRuns: 3}}, parameters: {{p: {parameter}}}}}", "s.yaml", TestCatalog.Instance);
        Assert.Empty(read.Problems);
        var again = SweepFileReader.ReadText(SweepFileWriter.ToJson(read.Definition!), "s.json", TestCatalog.Instance);
        Assert.Empty(again.Problems);
        Assert.Equal(read.Definition!.Parameters["p"], again.Definition!.Parameters["p"] with { Condition = read.Definition.Parameters["p"].Condition });
    }

    [Theory]
    [InlineData("{distribution: normal, mean: 0, stddev: 1, points: 3}", "SWP016")]
    [InlineData("{distribution: normal, mean: 0, min: 1}", "SWP013")]
    [InlineData("{distribution: normal, mean: 0, stddev: 1, min: 0.5, type: int}", "SWP012")]
    [InlineData("{min: 1}", "SWP013")]
    [InlineData("{step: 1}", "SWP013 SWP013")]
    public void Read_WrongForm_SaysWhatIsWrong(string parameter, string codes) => Assert.Equal(
        codes,
        string.Join(' ', SweepFileReader.ReadText($"{{trainable: anything, metric: {{name: l, goal: minimize}}, method: random, limits: {{maxRuns: 3}}, parameters: {{p: {parameter}}}}}", "s.yaml", TestCatalog.Instance)
            .Problems.Select(p => p.Problem.Code)));

    private static List<double> Draw(Parameter parameter)
    {
        var (domain, random) = (Space(parameter).Parameters[0].Domain, new SeededRandom(7, 0));
        return [.. Enumerable.Range(0, Draws).Select(_ => domain.Draw(random)).Select(v =>
        {
            Assert.True(domain.Contains(v), $"{v}");
            return v.AsDouble();
        })];
    }

    private static SearchSpace Space(Parameter parameter) => SearchSpace.Create(new() { Parameters = { ["p"] = parameter } });
}
