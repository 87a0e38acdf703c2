using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

public class SetArgumentTests
{
    private const string Text = "trainable: anything\nmetric: {name: l, goal: minimize}\nparameters: {lr: [0.1, 0.2], model: {parameters: {a: 1}}}\ninclude: [{lr: 0.1, model.a: 1}]\n";

    [Theory]
    [InlineData("seed=7", "seed", "7")]
    [InlineData("limits.maxRuns=10", "limits", "{\"maxRuns\":10}")]
    [InlineData("metric.target=1e-3", "metric", "{\"name\":\"l\",\"goal\":\"minimize\",\"target\":0.001}")]
    [InlineData("parameters.lr={min: 1, max: 4}", "parameters", "{\"lr\":{\"min\":1,\"max\":4},\"model\":{\"parameters\":{\"a\":1}}}")]
    [InlineData("parameters.lr.1=0.5", "parameters", "{\"lr\":[0.1,0.5],\"model\":{\"parameters\":{\"a\":1}}}")]
    [InlineData("parameters.lr.2=0.5", "parameters", "{\"lr\":[0.1,0.2,0.5],\"model\":{\"parameters\":{\"a\":1}}}")]
    [InlineData("include.0.'model.a'=1.0", "include", "[{\"lr\":0.1,\"model.a\":1.0}]")]
    [InlineData("name=\"a=b\"", "name", "\"a=b\"")]
    [InlineData("name='7'", "name", "\"7\"")]
    [InlineData("tags=[a, b]", "tags", "[\"a\",\"b\"]")]
    public void Read_Set_IsPutIntoTheFile(string set, string key, string json)
    {
        var result = SweepFileReader.ReadText(Text, "s.yaml", TestCatalog.Instance, [set]);

        Assert.DoesNotContain(result.Problems, p => p.Problem.Severity == ProblemSeverity.Error);
        Assert.Equal(json, ParameterJson.ToJson(SweepDocument.Of(result.Definition!).ToValue().Entries.First(e => e.Key == key).Value));
    }

    [Fact]
    public void Read_SetTwice_TakesTheLater() =>
        Assert.Equal(3, SweepFileReader.ReadText(Text, "s.yaml", TestCatalog.Instance, ["seed=2", "seed=3"]).Definition!.Seed);

    [Fact]
    public void Read_SetOverJson_WorksToo() =>
        Assert.Equal(9, SweepFileReader.ReadText(SampleTexts.Json, "s.json", TestCatalog.Instance, ["limits.maxRuns=9"]).Definition!.Limits.MaxRuns);

    [Theory]
    [InlineData("seed", "SWP005", 5, "'=' is missing")]
    [InlineData("=1", "SWP005", 1, "a key is missing")]
    [InlineData("a..b=1", "SWP005", 3, "a key is missing")]
    [InlineData("'a=1", "SWP005", 1, "not closed")]
    [InlineData("'a'b=1", "SWP005", 4, "'.' or '='")]
    [InlineData("", "SWP005", 1, "a key is missing")]
    [InlineData("trainable.x=1", "SWP005", 1, "'trainable' is the text 'anything'")]
    [InlineData("parameters.lr.x=1", "SWP005", 1, "a list of 2")]
    [InlineData("parameters.lr.3=1", "SWP005", 1, "from 0 to 2")]
    [InlineData("seed=[1", "SWP002", 8, "not valid YAML")]
    [InlineData("seed=x", "SWP012", 6, "'seed' must be a whole number")]
    [InlineData("sede=1", "SWP010", 1, "did you mean 'seed'")]
    [InlineData("limits.maxRuns=0", "SWP015", 16, "at least 1")]
    [InlineData("parameters.lr={max: 1}", "SWP013", 1, "lacks 'min'")]
    [InlineData("parameters.lr.0=.nan", "SWP015", 17, "finite")]
    public void Read_WrongSet_IsReportedAtTheArgument(string set, string code, int column, string says)
    {
        var result = SweepFileReader.ReadText(Text, "s.yaml", TestCatalog.Instance, [set]);

        Assert.Null(result.Definition);
        var problem = Assert.Single(result.Problems);
        Assert.Equal(("--set " + set, 1, column, code), (problem.File, problem.Line, problem.Column, problem.Problem.Code));
        Assert.Contains(says, problem.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WrongSetsAndWrongFile_AreAllReported()
    {
        var result = SweepFileReader.ReadText(Text + "sedd: 3\n", "s.yaml", TestCatalog.Instance, ["b", "a=1"]);
        Assert.Equal(["s.yaml", "--set b", "--set a=1"], result.Problems.Select(p => p.File));
    }
}
